"""What can be asked, and who may read it."""
