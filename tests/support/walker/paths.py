"""Ways through a schema: to each type the shortest one, and to each field one beside every way into its type."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type, is_abstract_type, is_object_type


@dataclass(frozen=True, slots=True)
class Step:
    """A field on the way, of the object type `on`."""

    on: str
    field: str

    @property
    def spot(self) -> str:
        return f"{self.on}.{self.field}"


Path = tuple[Step, ...]
"""Fields from the root, each of a type that the one before may bring."""


class Ways:
    """The ways through a schema from one root type, `without` some fields."""

    def __init__(self, schema: GraphQLSchema, root: str, *, without: Container[str] = ()) -> None:
        self.schema = schema
        self.root = root
        self._without = without

    def fields(self, type_: str) -> Mapping[str, GraphQLField]:
        """The fields of an object type."""
        found = self.schema.type_map[type_]
        assert isinstance(found, GraphQLObjectType)
        return {name: field for name, field in found.fields.items() if f"{type_}.{name}" not in self._without}

    def possible(self, step: Step) -> list[str]:
        """The object types that a field may bring; none where it brings a leaf."""
        named = get_named_type(self.fields(step.on)[step.field].type)
        if is_abstract_type(named):
            return sorted(type_.name for type_ in self.schema.get_possible_types(named))
        return [named.name] if is_object_type(named) else []

    def is_abstract(self, step: Step) -> bool:
        """Whether the field may bring objects of several types."""
        return is_abstract_type(get_named_type(self.fields(step.on)[step.field].type))

    def leaves(self, type_: str) -> list[str]:
        """Fields of the type that need no selection."""
        return [name for name in self.fields(type_) if not self.possible(Step(type_, name))]

    def to_types(self, passable: Callable[[Step], bool]) -> dict[str, Path]:
        """The shortest way to each object type through fields that are passable, and on from there to all others."""
        found: dict[str, Path] = {self.root: ()}
        self._spread(found, passable)
        self._spread(found, lambda step: True)
        return found

    def _spread(self, found: dict[str, Path], passable: Callable[[Step], bool]) -> None:
        queue = deque(sorted(found, key=lambda type_: len(found[type_])))
        while queue:
            type_ = queue.popleft()
            for step in self.steps(type_):
                if not passable(step):
                    continue
                for next_ in self.possible(step):
                    if next_ not in found:
                        found[next_] = (*found[type_], step)
                        queue.append(next_)

    def steps(self, type_: str) -> Iterator[Step]:
        """The fields of a type as steps."""
        return (Step(type_, name) for name in self.fields(type_))

    def everywhere(self, passable: Callable[[Step], bool]) -> list[Path]:
        """A way to every field of every type; and, where a field brings objects, to each of their leaves."""
        ways: list[Path] = []
        for type_, path in self.to_types(passable).items():
            for step in self.steps(type_):
                inner = [Step(one, leaf) for one in self.possible(step) for leaf in self.leaves(one)]
                ways += [(*path, step, leaf) for leaf in inner] or [(*path, step)]
        return ways
