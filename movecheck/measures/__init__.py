"""Clean landmarks in, angles out, and how sure they are."""
