"""Orders: the verbs of what must commit with an order."""
