"""Home's answer as data for other stacks: the tree of its objects, and its entities by type and id."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graphql import FieldNode, NameNode, OperationDefinitionNode, SelectionSetNode, Visitor, parse, print_ast, visit
from graphql import print_schema as printed

from federation.supergraph import Supergraph
from kit.settings import Settings
from models.base import open_database
from subgraphs.mall import OPERATIONS, SCHEMA, SUBGRAPHS
from tests.interop.peers import without_scopes
from tests.support.mall import embedded_mall

HOME = (OPERATIONS / "mini" / "Home.graphql").read_text("utf-8")


def write_tree(settings: Settings, file: Path) -> None:
    """Into `file`: Home of a mall as a guest gets it, and the schemas that it is an answer of."""
    data = asyncio.run(_home(settings))
    supergraph = Supergraph.parse((SCHEMA / "supergraph.graphql").read_text("utf-8"))
    known = {
        "query": HOME,
        "schema": printed(supergraph.api_schema),
        "supergraph": without_scopes(supergraph.sdl),
        "subgraphs": {name: subgraph.sdl for name, subgraph in SUBGRAPHS.items()},
        "root": {field: data[key] for key, field in root_fields(HOME).items()},
        "entities": entities(data),
    }
    file.write_text(json.dumps(known, ensure_ascii=False), "utf-8")


async def _home(settings: Settings) -> Any:
    async with open_database(settings):
        return (await embedded_mall().ask(typed(HOME)))["data"]


def root_fields(query: str) -> dict[str, str]:
    """Response key -> field of the operation's root."""
    operation = next(node for node in parse(query).definitions if isinstance(node, OperationDefinitionNode))
    fields = (node for node in operation.selection_set.selections if isinstance(node, FieldNode))
    return {(field.alias or field.name).value: field.name.value for field in fields}


def typed(query: str) -> str:
    """The operation with `__typename` of each object."""
    return print_ast(visit(parse(query), _Typed()))


class _Typed(Visitor):
    def leave_selection_set(self, node: SelectionSetNode, *_: object) -> SelectionSetNode:
        typename = FieldNode(name=NameNode(value="__typename"))
        return SelectionSetNode(selections=(typename, *node.selections))


def entities(data: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Type -> id -> all that is known of the object."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for item in objects(data):
        if "id" in item:
            found.setdefault(item["__typename"], {}).setdefault(item["id"], {}).update(item)
    return found


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object below `value`, and itself."""
    if isinstance(value, list):
        for item in value:
            yield from objects(item)
    elif isinstance(value, dict):
        yield value
        for item in value.values():
            yield from objects(item)
