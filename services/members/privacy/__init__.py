"""Privacy: keys, what may be seen in full, consents, exports and erasure."""
