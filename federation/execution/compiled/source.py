"""Writes Python: lines, and blocks of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from federation.execution.compiled.tree import Field, Node, every_field


class Source:
    """Python source under construction, with the objects that its names stand for."""

    def __init__(self) -> None:
        self.names: dict[str, object] = {}
        self._lines: list[str] = []
        self._depth = 0

    def add(self, line: str = "") -> None:
        self._lines.append("    " * self._depth + line if line else "")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines that belong to `head`."""
        self.add(head)
        self._depth += 1
        yield
        self._depth -= 1

    def name(self, name: str, value: object) -> str:
        """Let `name` stand for `value`."""
        self.names[name] = value
        return name

    @property
    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


def variable(field: Field) -> str:
    """The variable of a field's cells, or of one of them. It alone ends with `_` and digits."""
    return f"{field.name}_{field.number}"


def write_locals(source: Source, root: Node) -> None:
    """Write the variables for what a run has, as far as the code below needs them."""
    names = ["columns", "rows"]
    names += ["kinds"] if any(field.typed for field in every_field(root)) else []
    names += ["on"] if any(field.conditional for field in every_field(root)) else []
    source.add(f"{', '.join(names)} = {', '.join(f'run.{name}' for name in names)}")
