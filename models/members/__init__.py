"""Members: who they are, how they sign in, their levels and addresses."""
