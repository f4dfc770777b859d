"""Clients and their visits: a database of rows, and a folder of result files beside it.

SQLite in the data folder by default, with nothing to install; any other database by its URL.
"""

from movecheck.store.models import Assessment, Client, Note, Score, Visit
from movecheck.store.store import SCORES, Store, StoreSettings, open_store

__all__ = [
    "SCORES",
    "Assessment",
    "Client",
    "Note",
    "Score",
    "Store",
    "StoreSettings",
    "Visit",
    "open_store",
]
