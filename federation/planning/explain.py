"""The stages of planning one operation, printable: what `make plan` shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from federation.planning.fetches import FetchGraph
from federation.planning.fetches import lines as fetch_lines
from federation.planning.nodes import QueryPlan
from federation.planning.operation import Operation
from federation.planning.walker import Tree, cost
from federation.planning.walker.tree import Node, Step


@dataclass(frozen=True, slots=True)
class Stages:
    """What each stage made of an operation."""

    operation: Operation
    trees: list[Tree]
    fetches: FetchGraph
    optimized: FetchGraph
    plan: QueryPlan

    def __str__(self) -> str:
        return "\n\n".join(f"# {title}\n{text}" for title, text in self.sections())

    def sections(self) -> Iterator[tuple[str, str]]:
        """Title and text of each stage, in order."""
        yield "normalized operation", str(self.operation)
        yield "cheapest paths", "\n".join(line for tree in self.trees for line in tree_lines(tree))
        yield "fetch graph", "\n".join(fetch_lines(self.fetches))
        yield "fetch graph, optimized", "\n".join(fetch_lines(self.optimized))
        yield "plan", str(self.plan)


def tree_lines(tree: Tree) -> Iterator[str]:
    yield f"tree of cost {cost(tree)}"
    for step in tree.steps:
        after = f" after {', '.join(str(s.number) for s in sorted(step.after, key=number))}" if step.after else ""
        yield f"  step {step.number} {step.subgraph} level {step.level}{after}"
        if step.root:
            yield from node_lines(step.root, "    ")
        for entry in step.entries:
            keys = " or ".join(entry.keys) + "".join(f", requires {text}" for text in entry.required)
            yield f"    {entry.node.type} at {'.'.join(step.position.path)} by {keys}"
            yield from node_lines(entry.node, "      ")


def number(step: Step) -> int:
    return step.number


def node_lines(node: Node, indent: str) -> Iterator[str]:
    for key, slot in node.fields.items():
        name = key if key == slot.selection.name else f"{key}: {slot.selection.name}"
        yield f"{indent}{name}{slot.selection.arguments}" + (f" -> {slot.node.type}" if slot.node else "")
        if slot.node:
            yield from node_lines(slot.node, indent + "  ")
    for name, narrowed in node.narrowed.items():
        yield f"{indent}[{name}]"
        yield from node_lines(narrowed, indent + "  ")
