"""What many tests need: databases, a stopped clock, counted statements."""
