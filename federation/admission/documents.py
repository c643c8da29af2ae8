"""From text to a valid document, once: parse, bound, validate, remember."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)

from federation.admission.limits import Limits, check_length, check_shape
from federation.admission.lru import LRU
from federation.errors import AdmissionError, AdmissionErrors
from federation.mistakes import without_values
from federation.preparing import prepared

MAX_ERRORS = 10
MAX_MESSAGE = 300  # characters; a message may name what the client named
_MAX_COMMENTS = 1_000


@dataclass(frozen=True, slots=True)
class ValidDocument:
    """A document that the API schema accepts; `digest` is the SHA-256 of its text."""

    digest: bytes
    ast: DocumentNode


class Documents:
    """Parses and validates against one API schema, and remembers what was valid or not by the hash of the text.

    `limits` None stands for a trusted (persisted) document. `suggestions` lets messages propose names of the schema.
    """

    def __init__(
        self, schema: GraphQLSchema, *, introspection: bool = True, suggestions: bool = False, capacity: int = 1_000
    ) -> None:
        self._schema = schema
        self._hide = not suggestions
        self._rules = (*specified_rules, *(() if introspection else (NoSchemaIntrospectionCustomRule,)))
        self._valid: LRU[tuple[bytes, bool], ValidDocument] = LRU(capacity)
        self._invalid: LRU[tuple[bytes, bool], tuple[AdmissionError, ...]] = LRU(capacity)

    async def read(self, text: str, limits: Limits | None) -> ValidDocument:
        """The document; raises AdmissionErrors with every mistake found, at most MAX_ERRORS of them."""
        if limits is not None:
            check_length(text, limits)
        key = (hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(), limits is None)
        known = self._known(key)
        return known if known is not None else await prepared(self._read, key, text, limits)

    def _known(self, key: tuple[bytes, bool]) -> ValidDocument | None:
        if (known := self._valid.get(key)) is not None:
            return known
        if (refused := self._invalid.get(key)) is not None:
            raise AdmissionErrors(refused)
        return None

    def _read(self, key: tuple[bytes, bool], text: str, limits: Limits | None) -> ValidDocument:
        if (known := self._known(key)) is not None:  # whoever asked before has it made
            return known
        try:
            document = ValidDocument(key[0], self._check(text, limits))
        except AdmissionErrors as refusal:
            self._invalid.put(key, tuple(error.with_traceback(None) for error in refusal.errors))
            raise
        self._valid.put(key, document)
        return document

    def _check(self, text: str, limits: Limits | None) -> DocumentNode:
        tokens = limits.tokens if limits else None
        try:
            document = parse(
                text, max_lexical_tokens=tokens, max_comments=_MAX_COMMENTS, allow_empty_selection_sets=False
            )
            if limits is not None:
                check_shape(document, limits)
        except GraphQLError as error:
            code = "TOKEN_LIMIT_EXCEEDED" if "tokens" in error.message else "GRAPHQL_PARSE_FAILED"
            raise AdmissionErrors([refusal(error, code)]) from None
        except AdmissionError as error:
            raise AdmissionErrors([error]) from None
        errors = validate(self._schema, document, self._rules, max_errors=MAX_ERRORS, hide_suggestions=self._hide)
        if errors:
            raise AdmissionErrors([refusal(error, _code(error), document) for error in errors[:MAX_ERRORS]])
        return parse(text, no_location=True)  # what is kept needs no tokens and positions: half the memory


def refusal(error: GraphQLError, code: str, document: DocumentNode | None = None) -> AdmissionError:
    """A mistake as graphql-core found it; with the `document`, the path of the field where it stands."""
    first = next(iter(error.nodes or ()), None)
    path = path_to(document, lambda node: node is first) if document is not None else None
    message = without_values(error.message)
    message = message if len(message) <= MAX_MESSAGE else f"{message[:MAX_MESSAGE]}..."
    locations = [(location.line, location.column) for location in error.locations or ()]
    return AdmissionError(code, message, path=path, locations=locations[:MAX_ERRORS])


def _code(error: GraphQLError) -> str:
    if error.message.startswith("GraphQL introspection has been disabled"):
        return "INTROSPECTION_DISABLED"
    return "GRAPHQL_VALIDATION_FAILED"


def path_to(document: DocumentNode, wanted: Callable[[Node], bool]) -> tuple[str, ...] | None:
    """Where in the response the first wanted node would stand: response names from the root of an operation."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            for found, path in _walk(node, (), fragments, frozenset()):
                if path and wanted(found):
                    return path
    return None


def _walk(
    node: Node, path: tuple[str, ...], fragments: dict[str, FragmentDefinitionNode], inside: frozenset[str]
) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Every node below `node`, fragments spread, each with the path of the field it belongs to."""
    if isinstance(node, FieldNode):
        path = (*path, (node.alias or node.name).value)
    yield node, path
    if isinstance(node, FragmentSpreadNode) and node.name.value in fragments and node.name.value not in inside:
        yield from _walk(fragments[node.name.value], path, fragments, inside | {node.name.value})
    for child in _children(node):
        yield from _walk(child, path, fragments, inside)


def _children(node: Node) -> Iterator[Node]:
    for key in node.keys:
        value: Any = getattr(node, key, None)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from (item for item in value if isinstance(item, Node))
