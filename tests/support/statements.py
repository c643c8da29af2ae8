"""Counts the SQL statements that a block of a test executes."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from inspect import getmembers, isclass
from typing import Any

from models import MODULES
from models.base import HeardRow, OutboxRow, Row

_TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+[`\"]?([a-z_]+)", re.IGNORECASE)
_STATEMENT = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|EXPLAIN|CREATE|ALTER|DROP)\b", re.IGNORECASE)


class Statements(logging.Handler):
    """What was executed, in order; `len()` counts it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []
        self.values: list[Sequence[Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        # Tortoise logs one record per execution: the text, or the text and its values; and connections, which are none.
        text = str(record.args[0]) if isinstance(record.args, tuple) and record.args else str(record.msg)
        if _STATEMENT.match(text):
            self.texts.append(text)
            self.values.append(record.args[1] or () if isinstance(record.args, tuple) and len(record.args) > 1 else ())

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def by_domain(self) -> dict[str, int]:
        """How many statements spoke to each domain's tables. Raises ValueError where one speaks to two domains'."""
        return dict(Counter(domain_of(text) for text in self.texts))


@contextmanager
def counted_statements() -> Iterator[Statements]:
    """Count what is executed inside the block; nothing is printed."""
    logger = logging.getLogger("tortoise.db_client")
    level, propagate, statements = logger.level, logger.propagate, Statements()
    logger.addHandler(statements)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield statements
    finally:
        logger.removeHandler(statements)
        logger.setLevel(level)
        logger.propagate = propagate


def domain_of(text: str) -> str:
    """The domain whose tables a statement speaks to. Raises ValueError where they are of two domains."""
    domains = {domain for table in _TABLE.findall(text) if (domain := domain_of_table().get(table.lower()))}
    if len(domains) != 1:
        raise ValueError(f"a statement speaks to one domain, not to {sorted(domains)}: {text}")
    return domains.pop()


@cache
def domain_of_table() -> dict[str, str]:
    """Table name -> domain."""
    return {model._meta.db_table: domain for domain in MODULES for model in models_of(domain)}


def models_of(domain: str) -> list[type[Row | OutboxRow | HeardRow]]:
    """The concrete tables of a domain."""
    return [
        model
        for module in MODULES[domain]
        for _, model in getmembers(import_module(module), isclass)
        if issubclass(model, Row) and not model._meta.abstract and model.__module__ == module
    ]
