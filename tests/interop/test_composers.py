"""Our composer against those of npm: the same supergraphs up to order, and the same codes for the same mistakes.

Needs `npm install` in this directory, or JISHI_NPM naming another with the packages of package.json installed. Where
the two npm composers differ, @apollo/composition decides. FEDERATION_CASES may name a directory of conformance cases
(`*/subgraphs/*.graphql`), which are compared too.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import Node, parse, print_ast

from federation.composition import SubgraphSource, compose
from tests.federation.composition.mistakes import fieldsets, guards, inputs, links, merging, satisfiability

HERE = Path(__file__).parent
NPM = Path(os.environ.get("JISHI_NPM", HERE))
SUPERGRAPHS = HERE.parent / "federation" / "composition" / "supergraphs"
MALL = HERE.parents[1] / "schema" / "subgraphs"
MISTAKES = [one for table in (links, fieldsets, guards, merging, inputs, satisfiability) for one in table.MISTAKES]

MACHINERY = re.compile(r"\w+ (?:join__|link__|link\b|cost__|context__|policy__|requiresScopes__)")
FIELD_SET = re.compile(r'(requires|provides|key): "((?:[^"\\]|\\.)*)"')

# Name of a set of subgraphs -> what guild's composer does with it that @apollo/composition does not.
DIFFERENT_FOR_GUILD = {
    "interface-object-with-requires": "does not say who has a field of an interface that is @external somewhere",
    "federation1_habits": "refuses @provides on a scalar in Federation 1, where it was ignored",
    "namespaces": "does not know directives by the alias that @link(as:) gives to federation",
    "values": "refuses @tag on the schema itself",
}

LET_THROUGH_BY_GUILD = {
    *("import without @", "two names for one directive", "composed without @", "key of a union"),
    *("key without selection", "key of the interface not resolvable on an object", "external on an interface"),
    *("shareable twice on a field", "shareable twice on a type", "hidden field in a default"),
    *("override of a requirement", "override of a provision", "interface object beside its implementations"),
    *("interface key without all implementations", "required argument that merging dropped"),
    "shared union without common member",
}

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(not (NPM / "node_modules" / "@apollo").is_dir(), reason="npm install was not run"),
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one composer says: a supergraph, or codes of errors."""

    sdl: str | None
    codes: frozenset[str]


def asked(batch: Sequence[Sequence[SubgraphSource]]) -> Iterator[dict[str, Answer]]:
    """The answers of both npm composers for many sets of subgraphs, in one run of node."""
    text = json.dumps([[{"name": one.name, "url": one.url, "sdl": one.sdl} for one in sources] for sources in batch])
    run = subprocess.run(
        ["node", str(HERE / "compose.mjs"), "--batch"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env={**os.environ, "JISHI_NPM": str(NPM)},
    )
    for answers in json.loads(run.stdout):
        yield {name: _answer(answer) for name, answer in answers.items()}


def _answer(answer: dict[str, Any]) -> Answer:
    return Answer(answer.get("sdl"), frozenset(str(error["code"]) for error in answer.get("errors", [])))


def outline(sdl: str) -> set[str]:
    """Everything that a schema says, as texts without order: two schemas are the same if their outlines are."""
    said = set()
    for definition in parse(sdl, no_location=True).definitions:
        name = definition.name.value if hasattr(definition, "name") else "schema"
        said |= set(_said_of(f"{definition.kind} {name}", definition))
    return said


def loose_outline(sdl: str) -> set[str]:
    """The outline without the specifications' own definitions, and with one spelling for field sets and arguments."""
    said = {line for line in outline(sdl) if not MACHINERY.match(line)}
    return {FIELD_SET.sub(lambda match: f'{match[1]}: "{"".join(match[2].split())}"', line) for line in said}


def _said_of(path: str, node: Node) -> Iterator[str]:
    yield path
    for key in ("description", "type", "default_value", "repeatable"):
        value = getattr(node, key, None)
        if value is not None:
            yield f"{path} {key} {print_ast(value) if isinstance(value, Node) else value}"
    for key in ("directives", "interfaces", "types", "operation_types", "locations"):
        for value in getattr(node, key, None) or ():
            yield f"{path} {key} {_sorted_text(value)}"
    for key in ("fields", "values", "arguments"):
        for value in getattr(node, key, None) or ():
            yield from _said_of(f"{path}.{value.name.value}", value)


def _sorted_text(node: Node) -> str:
    """The node as text, arguments of a directive by name."""
    arguments = sorted(print_ast(argument) for argument in getattr(node, "arguments", None) or ())
    return f"@{node.name.value}({', '.join(arguments)})" if arguments else print_ast(node)


def recorded() -> dict[str, list[SubgraphSource]]:
    """The subgraphs of our whole-supergraph tests, those of the mall, and of conformance cases where there are some."""
    folders = {folder.name: folder for folder in SUPERGRAPHS.iterdir()} | {"mall": MALL}
    cases = os.environ.get("FEDERATION_CASES")
    if cases:
        folders |= {folder.parent.name: folder for folder in Path(cases).glob("*/subgraphs")}
    return {name: list(_sources(folder)) for name, folder in sorted(folders.items())}


def _sources(folder: Path) -> Iterator[SubgraphSource]:
    for file in sorted(folder.glob("*.graphql")):
        if file.stem != "supergraph":
            yield SubgraphSource(file.stem, f"http://{file.stem}.invalid", file.read_text("utf-8"))


def test_supergraphs_are_those_of_npm_up_to_order() -> None:
    sets = recorded()
    different = [
        name
        for (name, sources), answers in zip(sets.items(), asked(list(sets.values())), strict=True)
        if outline(compose(sources).sdl or "type Nothing") != outline(answers["apollo"].sdl or "type None")
    ]
    assert different == []


def test_supergraphs_of_guild_say_the_same_but_for_known_differences() -> None:
    """Guild's composer spells field sets without spaces, and leaves out definitions that nothing uses."""
    sets = {name: sources for name, sources in recorded().items() if name not in DIFFERENT_FOR_GUILD}
    different = [
        name
        for (name, sources), answers in zip(sets.items(), asked(list(sets.values())), strict=True)
        if loose_outline(compose(sources).sdl or "type Nothing") != loose_outline(answers["guild"].sdl or "type None")
    ]
    assert different == []


def test_mistakes_have_the_codes_of_apollo_composition() -> None:
    different = {
        mistake.name: (sorted(mistake.codes), sorted(answers["apollo"].codes))
        for mistake, answers in zip(MISTAKES, asked([mistake.sources for mistake in MISTAKES]), strict=True)
        if answers["apollo"].codes != mistake.codes
    }
    assert different == {}


def test_mistakes_that_guild_lets_through_are_those_known() -> None:
    """Where it refuses, its codes differ here and there; where it does not, @apollo/composition decides."""
    answers = asked([mistake.sources for mistake in MISTAKES])
    passed = {one.name for one, answer in zip(MISTAKES, answers, strict=True) if answer["guild"].sdl is not None}
    assert passed == LET_THROUGH_BY_GUILD
