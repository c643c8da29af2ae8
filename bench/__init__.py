"""Benches: side by side in one run; `python -m bench` writes bench/results.json and prints a table."""
