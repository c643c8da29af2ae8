"""Bounds on an operation's text and shape, checked before validation, whose own cost they bound.

The walk merges selection sets as execution does (GraphQL October 2021, section 6.3.2), so that fragments hide nothing
and repeat nothing for free; it stops at the first limit that is passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from federation.errors import AdmissionError, AdmissionErrors


@dataclass(frozen=True, slots=True)
class Limits:
    """What an ad hoc operation may ask for. `cost` is in field resolutions (admission/cost.py), `list_size` what a
    list is taken to hold when nothing says how many; `selections` counts fields and fragments after spreading,
    `repeats` the times that one response name may stand in one selection set, `directives` those of one node.
    """

    characters: int = 30_000
    tokens: int = 2_000
    definitions: int = 30
    variables: int = 30
    depth: int = 20
    aliases: int = 30
    root_fields: int = 24
    directives: int = 8
    selections: int = 1_000
    repeats: int = 20
    cost: float = 8_000
    list_size: int = 10


def check_length(text: str, limits: Limits) -> None:
    """Raises AdmissionErrors where the text is too long to be looked at."""
    if len(text) > limits.characters:
        raise AdmissionErrors([_over("TEXT_LIMIT_EXCEEDED", "is longer than", limits.characters, "characters", ())])


def check_shape(document: DocumentNode, limits: Limits) -> None:
    """Raises AdmissionError at the first limit that an operation of the document passes, or for a fragment that no
    operation spreads: validation would look at it, unbounded.
    """
    if len(document.definitions) > limits.definitions:
        raise _over("DEFINITION_LIMIT_EXCEEDED", "has over", limits.definitions, "definitions", ())
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    shape = _Shape(limits, fragments)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            shape.check(node)
    for name in fragments:
        if name not in shape.spread:
            raise AdmissionError("GRAPHQL_VALIDATION_FAILED", f"Fragment '{name}' is never used.")


class _Shape:
    """Walks operations; `spread` collects the names of the fragments that they spread."""

    def __init__(self, limits: Limits, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self.spread: set[str] = set()
        self._limits = limits
        self._fragments = fragments
        self._selections = 0
        self._aliases = 0

    def check(self, operation: OperationDefinitionNode) -> None:
        _check_directives(operation, self._limits)
        if len(operation.variable_definitions or ()) > self._limits.variables:
            raise _over("VARIABLE_LIMIT_EXCEEDED", "declares over", self._limits.variables, "variables", ())
        self._aliases = 0
        self.walk([operation.selection_set], ())

    def walk(self, sets: Sequence[SelectionSetNode], path: tuple[str, ...]) -> None:
        if len(path) >= self._limits.depth:
            raise _over("DEPTH_LIMIT_EXCEEDED", "is nested deeper than", self._limits.depth, "levels", path)
        fields: dict[str, list[FieldNode]] = {}
        for node in self._fields(sets):
            name = (node.alias or node.name).value
            same = fields.setdefault(name, [])
            same.append(node)
            if len(same) > self._limits.repeats:
                raise _over("REPEAT_LIMIT_EXCEEDED", "repeats one name more than", self._limits.repeats, "times", path)
            if not path and sum(map(len, fields.values())) > self._limits.root_fields:
                raise _over("ROOT_FIELD_LIMIT_EXCEEDED", "has over", self._limits.root_fields, "root fields", path)
        for name, nodes in fields.items():
            below = [node.selection_set for node in nodes if node.selection_set is not None]
            if below:
                self.walk(below, (*path, name))

    def _fields(self, sets: Sequence[SelectionSetNode]) -> Iterator[FieldNode]:
        spread: set[str] = set()
        pending: list[SelectionNode] = [node for selections in reversed(sets) for node in selections.selections[::-1]]
        while pending:
            node = pending.pop()
            self._count(node)
            if isinstance(node, FieldNode):
                yield node
            else:
                pending.extend(self._inside(node, spread))

    def _inside(self, node: SelectionNode, spread: set[str]) -> Sequence[SelectionNode]:
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            definition = self._fragments.get(name)
            if definition is None or name in spread:  # unknown names are validation's to report
                return ()
            spread.add(name)
            self.spread.add(name)
            return definition.selection_set.selections[::-1]
        selection_set: SelectionSetNode = node.selection_set  # type: ignore[attr-defined]  # an InlineFragmentNode
        return selection_set.selections[::-1]

    def _count(self, node: SelectionNode) -> None:
        self._selections += 1
        if self._selections > self._limits.selections:
            raise _over("SELECTION_LIMIT_EXCEEDED", "has over", self._limits.selections, "selections", ())
        if isinstance(node, FieldNode) and node.alias is not None:
            self._aliases += 1
            if self._aliases > self._limits.aliases:
                raise _over("ALIAS_LIMIT_EXCEEDED", "has over", self._limits.aliases, "aliases", ())
        _check_directives(node, self._limits)


def _check_directives(node: SelectionNode | OperationDefinitionNode, limits: Limits) -> None:
    if len(node.directives or ()) > limits.directives:
        raise _over("DIRECTIVE_LIMIT_EXCEEDED", "has a node with over", limits.directives, "directives", ())


def _over(code: str, what: str, limit: int, unit: str, path: tuple[str, ...]) -> AdmissionError:
    return AdmissionError(code, f"The operation {what} {limit} {unit}", path=path or None)
