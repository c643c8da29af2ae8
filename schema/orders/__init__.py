"""What can be asked of orders, room by room."""
