"""Answers for products: a room for each thing that is asked about."""
