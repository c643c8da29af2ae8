"""Lets a process that tests start note each statement that it executes, one in a line, in the file that `NOTES` names.

Python runs this by its name, where the folder stands in PYTHONPATH, before the program itself.
"""

from __future__ import annotations

import logging
import os


class Notes(logging.Handler):
    """Appends what Tortoise's clients log: the text, or the text and its values, of which the text is noted."""

    def emit(self, record: logging.LogRecord) -> None:
        text = str(record.args[0]) if isinstance(record.args, tuple) and record.args else str(record.msg)
        os.write(_file, (" ".join(text.split()) + "\n").encode())


if path := os.environ.get("NOTES"):
    _file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    logger = logging.getLogger("tortoise.db_client")
    logger.addHandler(Notes())
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
