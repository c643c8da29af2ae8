"""Contexts: arguments that the gateway fills with what an ancestor of the object says (@context, @fromContext).

A type sets a context by itself, as one of an interface's types, or as a member of a union.
Source: https://specs.apollo.dev/federation/v2.8, "@fromContext".
"""

from __future__ import annotations

from dataclasses import replace

from federation.graph import Graph
from federation.graph.selections import Selection
from federation.supergraph import ContextArgument


def are_used(graph: Graph) -> bool:
    """Does any field of the supergraph take a value from a context?"""
    return graph.once("contexts are used", lambda: any(contextual(graph, name) for name in graph.supergraph.types))


def contextual(graph: Graph, name: str) -> bool:
    fields = graph.type(name).fields.values()
    return any(join.context_arguments for one in fields for join in one.joins.values())


def arguments(graph: Graph, name: str, field_name: str) -> tuple[ContextArgument, ...]:
    """The contextual arguments of a field, wherever it is resolved."""
    kinds = (name, *graph.type(name).implements)
    fields = (graph.type(kind).fields.get(field_name) for kind in kinds)
    joins = (join for found in fields if found for join in found.joins.values())
    return tuple(dict.fromkeys(argument for join in joins for argument in join.context_arguments))


def sets(graph: Graph, name: str, context: str) -> bool:
    """Does a type set a context?"""
    kind, types = graph.type(name), graph.supergraph.types.values()
    unions = (other for other in types if other.kind == "union" and name in other.members)
    kinds = (kind, *(graph.type(interface) for interface in kind.implements), *unions)
    return any(context in join.contexts for one in kinds for join in one.joins.values())


def setters(graph: Graph, name: str, context: str) -> tuple[str, ...]:
    """The types by which objects of a type set a context: itself, or some of the types that it stands for."""
    if sets(graph, name, context):
        return (name,)
    if not graph.type(name).is_abstract:
        return ()
    return tuple(one for one in sorted(graph.supergraph.possible_types[name]) if sets(graph, one, context))


def selections(graph: Graph, name: str, argument: ContextArgument, *, narrowed: bool) -> tuple[Selection, ...]:
    """What to read of a `name` for a contextual argument; `narrowed`: if it is one."""
    text = argument.selection.strip()
    found = graph.field_set(name, text[1:-1] if text.startswith("{") else text)
    if not narrowed:
        return found
    question = ("narrowed context", name, argument.selection)
    return graph.once(question, lambda: tuple(replace(item, condition=item.condition or name) for item in found))
