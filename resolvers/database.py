"""The database, for floors above that may not see the tables."""

from models.base import open_database

__all__ = ["open_database"]
