"""What a completion is written from: a unit for each of its loops.

A unit makes something of each row of a node: mostly an object, with the keys that the client asked for. An operation
that is run by itself has a unit for each node. Where several operations are completed as one (`federation.execution.
fused`), a unit names the run that its rows are in, and may take values from another unit by a join.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from federation.execution.compiled.source import variable
from federation.execution.compiled.tree import Field, Node

Form = Literal["object", "tuple", "value"]
"""What a unit makes of a row: an object, the values of its entries as a tuple, or the value of its only entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value that a unit makes: under `key` where it makes objects.

    It is that of a `field` of the unit's node, with the units `below` for the objects in it; or what a join hands over
    in the variable `given`; or a `constant`, as Python writes it. `required`: whether null hands the run over to the
    exact completer, where the field's own type says nothing about null.
    """

    key: str
    field: Field | None = None
    below: tuple[Unit, ...] = ()
    given: str = ""
    constant: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """Values that come from another `unit`: `rows` is the expression of what it made, row by row of this one, `names`
    are the variables for the values of one row."""

    unit: Unit
    rows: str
    names: tuple[str, ...]

    @property
    def target(self) -> str:
        """What the loop unpacks them into."""
        return self.names[0] if len(self.names) == 1 else f"({', '.join(self.names)})"


@dataclass(frozen=True, slots=True)
class Unit:
    """A loop of the completion: over the rows of `node`; over a single row that is nothing where there is none.

    `suffix` is that of the names of its run, `title` what the comment says.
    """

    number: int
    title: str
    node: Node | None
    entries: tuple[Entry, ...]
    form: Form = "object"
    joins: tuple[Join, ...] = ()
    suffix: str = ""

    @property
    def read(self) -> tuple[Entry, ...]:
        """The entries whose values are made of the rows' own cells, each field once."""
        own = {entry.field.number: entry for entry in self.entries if entry.field and entry.field.answer}
        return tuple(own.values())

    @property
    def rows(self) -> str:
        return "alone" if self.node is None else f"rows{self.suffix}[{self.node.number}]"

    def column(self, one: Field) -> str:
        return f"columns{self.suffix}[{one.column}]"

    def kinds(self, one: Field) -> str:
        return f"kinds{self.suffix}[{one.column}]"

    def coercion(self, one: Field) -> str:
        """The name of what coerces the field's values."""
        return f"{one.named.name}_{self.suffix and f'f{self.suffix}'}"

    def value(self, entry: Entry) -> str:
        """The expression of an entry's value."""
        if entry.field is None:
            return entry.given or entry.constant
        return repr(entry.field.parent.name) if entry.field.answer is None else variable(entry.field)


def unit_of(node: Node) -> Unit:
    """The unit of a node that is completed by itself, with those below it."""
    entries = (Entry(one.key, one, tuple(map(unit_of, one.children))) for one in node.fields)
    return Unit(node.number, node.type.name, node, tuple(entries))
