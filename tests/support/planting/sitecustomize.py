"""Plants a bug in a process that tests start: parts of answers only age, whether their records stand or not.

Python runs this by its name, where the folder stands in PYTHONPATH, before the program itself.
"""

from __future__ import annotations

from time import monotonic

from kit.records import Record
from subgraphs.requests import CacheLedger

Record.stands = property(lambda record: monotonic() < record._until)  # type: ignore[assignment,method-assign]
CacheLedger.trusted = True  # type: ignore[assignment,method-assign]
