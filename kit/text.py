"""Short texts that people write."""

from __future__ import annotations


def is_short_text(text: str, cap: int) -> bool:
    """Whether `text` has from 1 to `cap` characters, all of them printable, and no blank at its ends."""
    return 1 <= len(text.strip()) == len(text) <= cap and text.isprintable()
