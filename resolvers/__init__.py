"""How a field is answered: batch functions for reads, one function per mutation."""
