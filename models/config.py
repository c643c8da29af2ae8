"""Tortoise's configuration for its own command line: `tortoise -c models.config.TORTOISE_ORM makemigrations`."""

from __future__ import annotations

from kit.settings import Settings
from models.base import tortoise_config

TORTOISE_ORM = tortoise_config(Settings.read())
