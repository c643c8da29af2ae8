"""Definitions that every supergraph has: the link and join specifications, and the features that it uses.

Source: https://specs.apollo.dev/join/v0.3 to v0.5, https://specs.apollo.dev/link/v1.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql import DocumentNode

from federation.composition.merging.features import Features
from federation.composition.model import Directive, Element, EnumName, Kind, Schema, Subgraph, Type
from federation.composition.parsing.document import known_definitions, sorted_nodes
from federation.composition.parsing.reading import Names, read_schema
from federation.spec import DIRECTIVES, Version

LINK_SDL = '''
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar link__Import
enum link__Purpose {
  """`SECURITY` features provide metadata necessary to securely resolve fields."""
  SECURITY
  """`EXECUTION` features provide metadata necessary for operation execution."""
  EXECUTION
}
'''

JOIN_SDL = """
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field({field}) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false,
  resolvable: Boolean! = true, isInterfaceObject: Boolean! = false)
  repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
scalar join__FieldSet
"""

JOIN_FIELD = (
    "graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean,"
    " override: String, usedOverridden: Boolean"
)

# Since join v0.4 and v0.5.
JOIN_DIRECTIVE_SDL = """
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments)
  repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
scalar join__DirectiveArguments
"""
CONTEXT_VALUE = "context__ContextFieldValue"
CONTEXT_SDL = """
input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
scalar join__FieldValue
"""


def machinery(features: Features) -> Schema:
    """Types and directives of the specifications themselves."""
    field = JOIN_FIELD
    parts = [LINK_SDL]
    if features.join >= Version(0, 4):
        field += ", overrideLabel: String"
        parts.append(JOIN_DIRECTIVE_SDL)
    if features.join >= Version(0, 5):
        field += ", contextArguments: [join__ContextArgument!]"
        parts.append(CONTEXT_SDL)
    parts.append(JOIN_SDL.format(field=field))
    for name, local in features.all_names():
        scalars = {scalar: f"{feature.name}__{scalar}" for feature in features.used for scalar in feature.scalars}
        parts.append(DIRECTIVES[name].sdl(local, scalars))
    parts += [f"scalar {feature.name}__{scalar}" for feature in features.used for scalar in feature.scalars]
    if any(feature.name == "context" for feature in features.used):
        parts.append(DIRECTIVES["fromContext"].sdl("context__fromContext", {"ContextFieldValue": CONTEXT_VALUE}))
        parts.append(f"scalar {CONTEXT_VALUE}")
    nodes = sorted_nodes(DocumentNode(definitions=tuple(node for part in parts for node in known_definitions(part))))
    return read_schema(nodes, Names({}, {}), frozenset())


def graph_enum(subgraphs: Sequence[Subgraph], graphs: Mapping[str, EnumName]) -> Type:
    """`join__Graph`: one value per subgraph."""
    values = {
        str(graphs[subgraph.name]): Element(
            graphs[subgraph.name],
            None,
            (Directive("join__graph", {"name": subgraph.name, "url": subgraph.url}),),
        )
        for subgraph in subgraphs
    }
    return Type("join__Graph", kind=Kind.ENUM, values=values)


def graph_names(names: Sequence[str]) -> dict[str, EnumName]:
    """A value of `join__Graph` for each subgraph's name: upper case, and numbered where two would be the same."""
    spelled = {name: _enum_spelling(name) for name in names}
    graphs = {}
    for name, text in spelled.items():
        twins = [other for other, same in spelled.items() if same == text]
        graphs[name] = EnumName(text if len(twins) == 1 else f"{text}_{twins.index(name) + 1}")
    return graphs


def _enum_spelling(name: str) -> str:
    text = "".join(letter if letter.isascii() and (letter.isalnum() or letter == "_") else "_" for letter in name)
    if text[0].isdigit():
        text = f"_{text}"
    if text.rpartition("_")[2].isdigit():
        text += "_"
    return text.upper()
