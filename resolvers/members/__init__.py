"""Answers for members, room by room."""
