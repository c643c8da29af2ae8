"""The back door: background work and commands. Nobody imports it but gateway.py."""
