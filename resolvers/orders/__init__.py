"""Answers for orders, room by room."""
