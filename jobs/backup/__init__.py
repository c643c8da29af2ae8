"""Backup and restore of one shop: an encrypted file with its rows from every domain, and nothing of any other."""
