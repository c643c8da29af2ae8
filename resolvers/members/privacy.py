"""Answers for privacy: the keys behind personal fields."""

from __future__ import annotations

from services.members.privacy.keys import own_keychain

__all__ = ["own_keychain"]
