"""Carrying out a route: the tree grows by the steps, nodes and fields that the route asks for."""

from __future__ import annotations

from federation.graph.selections import TYPENAME
from federation.planning.walker.route import Hop, Narrow, Route, Spot, Take
from federation.planning.walker.tree import Entry, Node, Slot, Step, Tree

TYPENAME_TEXT = "String!"


def grow(tree: Tree, route: Route, node: Node | None) -> set[Step]:
    """Follow a route from a node (None: from the top); returns the steps that supply the value."""
    tree.budget.spend()
    action = route.action
    if isinstance(action, Hop):
        return hop(tree, action, node)
    assert node is not None
    if isinstance(action, Take):
        return take(tree, action, node)
    if isinstance(action, Narrow):
        return narrow(tree, action, node)
    return {node.step}


def take(tree: Tree, action: Take, node: Node) -> set[Step]:
    slot = node.fields.get(action.key)
    if slot is None:
        slot = node.fields[action.key] = new_slot(action)
    if action.spot is None or action.then is None:
        return {node.step}
    if slot.node is None:
        slot.node = node_at(action.spot, node.step)
    return grow(tree, action.then, slot.node)


def new_slot(action: Take) -> Slot:
    if action.join is None:
        return Slot(action.selection, TYPENAME_TEXT)
    return Slot(action.selection, action.join.type_text, action.join.context_arguments)


def narrow(tree: Tree, action: Narrow, node: Node) -> set[Step]:
    base = node.whole
    base.fields.setdefault("__typename", Slot(TYPENAME, TYPENAME_TEXT))
    suppliers: set[Step] = set()
    for spot, route in action.branches:
        if spot.type not in base.narrowed:
            base.narrowed[spot.type] = node_at(spot, node.step, base)
        suppliers |= grow(tree, route, base.narrowed[spot.type])
    return suppliers


def hop(tree: Tree, action: Hop, origin: Node | None) -> set[Step]:
    spot = action.spot
    suppliers = {origin.step} if origin else set()
    suppliers = suppliers.union(*(context.suppliers for context in action.contexts))
    for condition in action.conditions:
        suppliers |= grow(tree, condition, origin)
    step = tree.find(spot.position, spot.subgraph, spot.level)
    if step is None or step.level != spot.level:
        step = tree.add(spot.position, spot.subgraph, spot.level)
    step.after |= suppliers
    return grow(tree, action.then, enter(step, action, origin))


def enter(step: Step, action: Hop, origin: Node | None) -> Node:
    """The node by which a step is entered."""
    spot, jump = action.spot, action.jump
    if origin is None or not jump.key.text:
        step.root = step.root or node_at(spot, step)
        return step.root
    sort = (jump.type, spot.conditions, spot.filter)
    entry = step.entry(sort, action.required)
    if entry is None:
        entry = Entry(node_at(spot, step), origin, sort)
        step.entries.append(entry)
    if entry.node not in origin.elsewhere:
        origin.elsewhere.append(entry.node)
    entry.keys[jump.key.text] = jump.key.fields
    if action.required:
        entry.required[action.reason] = action.required
    entry.contexts |= {context.argument: context for context in action.contexts}
    return entry.node


def node_at(spot: Spot, step: Step, base: Node | None = None) -> Node:
    return Node(step, spot.position, spot.type, spot.possible, spot.provided, spot.filter, spot.conditions, base)
