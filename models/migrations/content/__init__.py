"""Migrations of content."""
