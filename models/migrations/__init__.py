"""Migrations, one folder per domain; `make migrations` writes them."""
