"""What can be asked of members, room by room."""
