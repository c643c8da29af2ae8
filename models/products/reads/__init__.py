"""The reads of products: each is one statement for any number of keys."""
