"""Which operations are compiled, and how many are kept."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from graphql import BooleanValueNode, DocumentNode, GraphQLSchema
from graphql.utilities import get_operation_ast

from federation.execution.compiled.answers import Answers, NotCompilable
from federation.execution.compiled.collecting import flag_names
from federation.execution.compiled.operation import Compiled, Result, compile_operation, fragments_of
from federation.execution.compiled.tracing import Trace
from federation.preparing import prepared

MAX_VARIANTS = 16
"""Values of its flags for which an operation is compiled by itself; one with more gets its conditions into the code."""

Flags = tuple[tuple[str, bool], ...]


@dataclass(slots=True)
class _Known:
    """An operation that was seen: how often, its flags with their defaults, and what has been compiled of it."""

    flags: dict[str, bool | None]
    hits: int = 0
    variants: dict[Flags | None, Compiled] = field(default_factory=dict)
    reason: str | None = None
    kept: bool = True

    @property
    def size(self) -> int:
        """What it counts against the bound: fields, and something for itself."""
        return 20 + sum(variant.size for variant in self.variants.values())

    def variant(self, variables: Mapping[str, Any]) -> dict[str, bool] | None:
        """The flags of a run; None where they are too many to compile each combination.

        What is no boolean is taken for false: coercion then refuses the variables, or the run the variant.
        """
        if 2 ** len(self.flags) > MAX_VARIANTS:
            return None
        return {name: variables.get(name, default) is True for name, default in self.flags.items()}


@dataclass(slots=True)
class CompiledOperations:
    """The compiled operations of one schema: the least lately used leave once there are more than `max_operations`, or
    once they have more than `max_fields` fields together (a field takes about a kilobyte).

    An operation is compiled when it comes for the `after_hits`-th time. `counts` says how often operations were run
    ("run"), compiled ("compile") and left to graphql-core, by reason. `fields` is what is bounded by `max_fields`.
    """

    schema: GraphQLSchema
    answers: Answers
    max_operations: int = 1_000
    max_fields: int = 20_000
    after_hits: int = 1
    counts: Counter[str] = field(default_factory=Counter)
    _known: OrderedDict[tuple[str, str | None], _Known] = field(default_factory=OrderedDict)
    fields: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __len__(self) -> int:
        return len(self._known)

    @property
    def exact_runs(self) -> int:
        """Runs of the operations kept that only the exact completer could complete: many of them are a sign of data
        that does not fit its types."""
        return sum(variant.exact_runs for known in self._known.values() for variant in known.variants.values())

    async def run(
        self,
        key: str,
        document: DocumentNode,
        operation_name: str | None,
        variables: Mapping[str, Any],
        context: Any,
        root: Any = None,
        trace: Trace | None = None,
    ) -> Result | None:
        """Data and errors of an operation of a validated document, whose text or hash is `key`. `trace` is told what
        the run sees.

        None, and nothing done, where it is graphql-core's to run.
        """
        try:
            known = self._seen(key, document, operation_name)
            compiled = self._found(known, variables)
            if compiled is None:
                compiled = await prepared(self._compile, known, document, operation_name, variables)
            result = await compiled.run(root, variables, context, trace)
        except NotCompilable as left:
            self.counts[left.reason] += 1
            return None
        self.counts["run"] += 1
        return result

    def compiled(
        self, key: str, document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any]
    ) -> Compiled:
        """The operation, compiled for these variables. Raises NotCompilable."""
        known = self._seen(key, document, operation_name)
        return self._found(known, variables) or self._compile(known, document, operation_name, variables)

    def _seen(self, key: str, document: DocumentNode, operation_name: str | None) -> _Known:
        with self._lock:
            known = self._known.get((key, operation_name))
            if known is None:
                known = self._known[key, operation_name] = _Known(_flags(document, operation_name))
                self.fields += known.size
                self._evict()
            else:
                self._known.move_to_end((key, operation_name))
            known.hits += 1
            return known

    def _found(self, known: _Known, variables: Mapping[str, Any]) -> Compiled | None:
        """What has been compiled for these variables. Raises NotCompilable where nothing is to be."""
        if known.reason:
            raise NotCompilable(known.reason)
        found = known.variants.get(_settled(known.variant(variables)))
        if found is None and known.hits < self.after_hits:
            raise NotCompilable("cold")
        return found

    def _compile(
        self, known: _Known, document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any]
    ) -> Compiled:
        if (found := self._found(known, variables)) is not None:  # whoever asked before has it made
            return found
        flags = known.variant(variables)
        self.counts["compile"] += 1
        try:
            found = compile_operation(self.schema, document, operation_name, flags, self.answers)
        except NotCompilable as refused:
            known.reason = refused.reason
            raise
        with self._lock:
            known.variants[_settled(flags)] = found
            if known.kept:
                self.fields += found.size
                self._evict()
        return found

    def _evict(self) -> None:
        while len(self._known) > 1 and (len(self._known) > self.max_operations or self.fields > self.max_fields):
            _, oldest = self._known.popitem(last=False)
            self.fields -= oldest.size
            oldest.kept = False


def _settled(flags: dict[str, bool] | None) -> Flags | None:
    return None if flags is None else tuple(flags.items())


def _flags(document: DocumentNode, operation_name: str | None) -> dict[str, bool | None]:
    """The variables of the operation's conditions with their defaults."""
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        return {}
    defaults = {one.variable.name.value: one.default_value for one in operation.variable_definitions or ()}
    names = flag_names(operation.selection_set, fragments_of(document))
    values = ((name, defaults.get(name)) for name in names)
    return {name: value.value if isinstance(value, BooleanValueNode) else None for name, value in values}
