"""An operation that is known already, and what is left of it for an asker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    print_ast,
)

from federation.admission.authorization import Cut, Guard, unmet
from federation.admission.cost import CostReader, OperationCost
from federation.admission.declared import Declared, Demands
from federation.admission.introspection import Parts, part
from federation.admission.lru import LRU
from federation.admission.operations import coerce_variables, condition_variables
from federation.admission.requests import Grants
from federation.errors import AdmissionError
from federation.preparing import prepared


@dataclass(frozen=True)
class Left:
    """What is left of an operation after the cut, the same object for every request that has the same left.

    `document` holds the part for subgraphs, `introspection` the part for the gateway; either may be None. `key` names
    what is left. `flags` are the boolean variables that feed @skip and @include.
    """

    key: str
    kind: OperationType
    parts: Parts
    fragments: tuple[FragmentDefinitionNode, ...]
    errors: tuple[AdmissionError, ...]
    blanks: tuple[tuple[str, ...], ...]
    flags: tuple[str, ...]

    @cached_property
    def document(self) -> DocumentNode | None:
        return self._document(self.parts.rest)

    @cached_property
    def introspection(self) -> DocumentNode | None:
        return self._document(self.parts.introspection)

    def _document(self, operation: OperationDefinitionNode | None) -> DocumentNode | None:
        return None if operation is None else DocumentNode(definitions=(operation, *self.fragments))


@dataclass(frozen=True, slots=True)
class Admitted:
    """An operation that is let in, with its variables taken."""

    left: Left
    variables: dict[str, Any]

    def flags(self) -> dict[str, bool]:
        """Values of the variables that feed @skip and @include."""
        return {name: bool(self.variables.get(name)) for name in self.left.flags}


class KnownOperation:
    """What admission knows of one operation of one valid document: everything that is the same for every request."""

    def __init__(
        self,
        node: OperationDefinitionNode,
        document: DocumentNode,
        schema: GraphQLSchema,
        declared: Declared,
        costs: CostReader,
    ) -> None:
        self._schema = schema
        self._defaults: dict[str, Any] | None = None
        fragments = {item.name.value: item for item in document.definitions if isinstance(item, FragmentDefinitionNode)}
        self.node = node
        self.document = document
        self._fragments = fragments
        self._guard = Guard(schema, declared, node, fragments)
        self._demands = self._guard.demands()
        self._lefts: LRU[Demands, Left] = LRU(64)
        self.cost: OperationCost = costs.read(node, fragments)

    def variables(self, given: Mapping[str, Any], *, hide_suggestions: bool) -> dict[str, Any]:
        """The variables' values; taken once where a request gives none, since defaults never change."""
        if self._defaults is not None and not given:
            return dict(self._defaults)
        values = coerce_variables(self._schema, self.node, given, self.document, hide_suggestions=hide_suggestions)
        if not given:
            self._defaults = dict(values)
        return values

    async def left_for(self, grants: Grants) -> Left:
        """The operation without what the grants do not reach."""
        denied = unmet(self._demands, grants) if self._demands else frozenset()
        known = self._lefts.get(denied)
        return known if known is not None else await prepared(self._prepare, denied)

    def _prepare(self, denied: Demands) -> Left:
        if (known := self._lefts.get(denied)) is not None:  # whoever asked before has it made
            return known
        left = self._cut(denied)
        self._lefts.put(denied, left)
        return left

    def _cut(self, denied: Demands) -> Left:
        cut = self._guard.cut(denied) if denied else Cut(self.node, (), ())
        fragments = tuple(self._fragments.values())
        if cut.operation is None:
            return Left("", self.node.operation, Parts(None, None), (), cut.errors, (), ())
        document = DocumentNode(definitions=(cut.operation, *fragments))
        return Left(
            key=print_ast(document),
            kind=self.node.operation,
            parts=part(cut.operation, self._fragments),
            fragments=fragments,
            errors=cut.errors,
            blanks=cut.paths,
            flags=condition_variables(document),
        )
