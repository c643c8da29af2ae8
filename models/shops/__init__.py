"""Shops: their branches, staff and looks."""
