"""Moments at which tests stop the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
"""A Sunday noon in Shanghai: shops are open, the flash sale of the hour runs."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
