"""Personal text in memory, and what of it may be shown by default."""

from __future__ import annotations

import hmac
from typing import Any, NoReturn

DOTS = "••••"
_WHOLE_PHONE = 11
"""Digits of a mobile number in China; of anything shorter a mask would show too much."""


class Hidden:
    """Text about a person: whatever prints, formats, logs or writes it shows dots. `reveal` is the one way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the eyes that may see it."""
        return self._text

    def __repr__(self) -> str:
        return DOTS

    def __format__(self, spec: str) -> str:
        return format(DOTS, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Hidden):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    __hash__ = None  # type: ignore[assignment]  # no key of a cache

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("hidden text is not pickled: seal it")


def mask_phone(phone: Hidden) -> str:
    """138****1234; only dots where it is shorter than a mobile number."""
    text = phone.reveal()
    return f"{text[:3]}****{text[-4:]}" if len(text) >= _WHOLE_PHONE else DOTS


def mask_name(name: Hidden) -> str:
    """张**: the first character, and a star for each of the others, at least one and at most two."""
    text = name.reveal().strip()
    return f"{text[0]}{'*' * min(max(len(text) - 1, 1), 2)}" if text else DOTS
