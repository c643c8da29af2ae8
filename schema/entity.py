"""Types that subgraphs share by key, and types whose objects are rows."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from strawberry import federation
from strawberry.federation.schema_directives import Key

from resolvers.context import Batch, BatchFunction
from schema.rules import ANYONE, Rule

REFERENCE = "__jishi_reference__"
ROWS = "__jishi_rows__"
"""Where a type keeps the rule of who may have its rows at all, whichever way leads to them; none where anybody may."""

Type = TypeVar("Type", bound=type)


def _of_row(cls: type, row: type | tuple[type, ...]) -> None:
    """Let the executor know the type's objects by the class of their row, where a place could hold several types."""
    cls.is_type_of = classmethod(lambda _, value, info: isinstance(value, row))  # type: ignore[attr-defined]


def _kept_to(cls: type, rule: Rule) -> dict[str, Any]:
    """Let the rows of a type be kept to `rule`; the directives that print it."""
    setattr(cls, ROWS, rule)
    return rule.federated()


def entity(
    *, row: type, by: BatchFunction, says: str, keys: Sequence[str] = ("id",), to: Rule = ANYONE
) -> Callable[[Type], Type]:
    """A type that other subgraphs name by key. `by` finds the row, or None, of each representation (a dict).

    `to` says who may have its rows at all.
    """

    def declare(cls: Type) -> Type:
        _of_row(cls, row)
        setattr(cls, REFERENCE, Batch.of(by))
        return federation.type(cls, keys=list(keys), description=to.told(says), **_kept_to(cls, to))

    return declare


def stub(*, row: type, says: str, key: str = "id") -> Callable[[Type], Type]:
    """Another subgraph's type of which this one knows the key alone."""

    def declare(cls: Type) -> Type:
        _of_row(cls, row)
        return federation.type(cls, keys=[Key(fields=key, resolvable=False)], description=says)  # type: ignore[arg-type]

    return declare


def node(*, row: type, says: str, **federated: Any) -> Callable[[Type], Type]:
    """A type that is an interface's or a union's member, known by the class of its row."""

    def declare(cls: Type) -> Type:
        _of_row(cls, row)
        return federation.type(cls, description=says, **federated)

    return declare


def private(*, to: Rule, says: str, **federated: Any) -> Callable[[Type], Type]:
    """A type whose rows belong to somebody: `to` says who may have them, whichever way leads to them."""

    def declare(cls: Type) -> Type:
        return federation.type(cls, description=to.told(says), **_kept_to(cls, to), **federated)

    return declare
