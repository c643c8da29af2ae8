"""Members: the verbs of accounts and of signing in."""
