"""The normalized operation: what the planner plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import OperationType

from federation.graph.selections import Selection


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation without fragments and conditions. `variables` maps names to the text of their definitions."""

    kind: OperationType
    name: str | None
    root: str
    selections: tuple[Selection, ...]
    variables: Mapping[str, str]

    def __str__(self) -> str:
        return "\n".join([f"{self.kind.value} {self.name or ''}".rstrip() + " {", *lines(self.selections, "  "), "}"])


def lines(selections: tuple[Selection, ...], indent: str) -> list[str]:
    """Selections as indented text, each with its own type condition."""
    text: list[str] = []
    for item in selections:
        condition = f"... on {item.condition} " if item.condition else ""
        alias = f"{item.alias}: " if item.alias not in ("", item.name) else ""
        head = f"{indent}{condition}{alias}{item.name or '(presence)'}{item.arguments}"
        text += [head + " {", *lines(item.children, indent + "  "), indent + "}"] if item.children else [head]
    return text
