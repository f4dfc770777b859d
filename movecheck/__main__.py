"""Makes ``python -m movecheck`` the command line tool."""

from movecheck.cli import main

main()
