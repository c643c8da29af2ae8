"""The API schema: a supergraph without its machinery and without what is @inaccessible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLSchema,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    build_ast_schema,
)

from federation.supergraph.reading import MACHINERY, applied

HIDDEN_DIRECTIVES = ("join__", "link", "core")
EXECUTABLE = frozenset(
    (
        *("QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "VARIABLE_DEFINITION"),
        *("FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"),
    )
)


def api_schema(document: DocumentNode) -> GraphQLSchema:
    """Build the schema that clients validate against. Composition has made sure that it stands without the hidden."""
    hidden = inaccessible_name(document)
    gone = {
        node.name.value
        for node in document.definitions
        if hasattr(node, "name") and node.name is not None and (is_hidden(node, hidden) or is_machinery(node))
    }
    definitions = tuple(trimmed(node, hidden, gone) for node in document.definitions if stays(node, gone))
    return build_ast_schema(DocumentNode(definitions=definitions), assume_valid_sdl=True)


def inaccessible_name(document: DocumentNode) -> str:
    """The name under which the supergraph links @inaccessible."""
    for definition in document.definitions:
        if isinstance(definition, (SchemaDefinitionNode, SchemaExtensionNode)):
            for link in (*applied(definition, "link"), *applied(definition, "core")):
                if "/inaccessible/" in (link.get("url") or link.get("feature") or ""):
                    return str(link.get("as") or "inaccessible")
    return "inaccessible"


def is_hidden(node: Any, directive: str) -> bool:
    return any(item.name.value == directive for item in getattr(node, "directives", None) or ())


def is_machinery(node: Any) -> bool:
    return bool(node.name.value.startswith(MACHINERY))


def stays(node: DefinitionNode, gone: set[str]) -> bool:
    """Directives stay when clients can write them, types when they are neither machinery nor inaccessible."""
    if isinstance(node, DirectiveDefinitionNode):
        return any(location.value in EXECUTABLE for location in node.locations)
    if isinstance(node, SchemaExtensionNode):
        return False
    return isinstance(node, SchemaDefinitionNode) or getattr(node, "name").value not in gone  # noqa: B009


def trimmed(node: Any, hidden: str, gone: set[str]) -> Any:
    """A copy without hidden members, references to hidden types, and directives of the machinery."""
    changes: dict[str, Any] = {}
    for part in ("fields", "arguments", "values"):
        if (members := getattr(node, part, None)) is not None:
            changes[part] = tuple(trimmed(item, hidden, gone) for item in members if not is_hidden(item, hidden))
    for part in ("interfaces", "types"):
        if (references := getattr(node, part, None)) is not None:
            changes[part] = tuple(item for item in references if item.name.value not in gone)
    if getattr(node, "directives", None) is not None:
        changes["directives"] = tuple(shown(node.directives))
    return type(node)(**{key: changes.get(key, getattr(node, key, None)) for key in node.keys})


def shown(directives: Iterable[Any]) -> Iterable[Any]:
    return (item for item in directives if not item.name.value.startswith(HIDDEN_DIRECTIVES))
