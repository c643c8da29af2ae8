"""Subgraphs that merge, but leave queries that nobody can answer."""

from __future__ import annotations

from tests.federation.composition.mistakes import Mistake, mistake

MISTAKES: tuple[Mistake, ...] = (
    mistake(
        "value type in two halves",
        "SATISFIABILITY_ERROR",
        """
        type Query { t: T }
        type T { a: Int }
        """,
        """
        type Query { u: T }
        type T { b: Int }
        """,
    ),
    mistake(
        "key that is not resolvable",
        "SATISFIABILITY_ERROR",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID! }
        """,
        """
        type T @key(fields: "id", resolvable: false) { id: ID! a: Int }
        """,
    ),
    mistake(
        "key that cannot be read",
        "SATISFIABILITY_ERROR",
        """
        type Query { t: T }
        type T @key(fields: "x") { x: ID! }
        """,
        """
        type T @key(fields: "y") { y: ID! a: Int }
        """,
    ),
    mistake(
        "requirement that cannot be read",
        "SATISFIABILITY_ERROR",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID! a: Int @external b: Int @requires(fields: "a") }
        """,
        """
        type T @key(fields: "id", resolvable: false) { id: ID! a: Int }
        """,
    ),
    mistake(
        "requirement without a way back",
        "SATISFIABILITY_ERROR",
        """
        type Query { t: T }
        type T { id: ID! @shareable a: Int @external b: Int @requires(fields: "a") }
        """,
        """
        type T @key(fields: "id") { id: ID! @shareable a: Int }
        type Query { x: T }
        """,
    ),
    mistake(
        "object of another subgraph",
        "SATISFIABILITY_ERROR",
        """
        type Query { i: I }
        interface I { a: Int }
        type T implements I { a: Int }
        """,
        """
        type Query { t: T }
        type T { b: Int }
        """,
    ),
    mistake(
        "interface object without a key to its interface",
        "SATISFIABILITY_ERROR",
        """
        type Query { i: I }
        interface I { id: ID! a: Int }
        type T implements I @key(fields: "id") { id: ID! a: Int }
        """,
        """
        type Query { j: I }
        type I @interfaceObject @key(fields: "id") { id: ID! b: Int }
        """,
    ),
    mistake(
        "provided on one path only",
        "SATISFIABILITY_ERROR",
        """
        type Query { t: T @provides(fields: "a") u: T }
        type T @key(fields: "id", resolvable: false) { id: ID! a: Int @external }
        """,
        """
        type T @key(fields: "id", resolvable: false) { id: ID! a: Int @shareable }
        type Query { v: T }
        """,
    ),
    mistake(
        "nested value type",
        "SATISFIABILITY_ERROR",
        """
        type Query { o: O }
        type O { t: T }
        type T { a: Int }
        """,
        """
        type Query { p: P }
        type P { t: T }
        type T { b: Int }
        """,
    ),
    mistake(
        "mutation result",
        "SATISFIABILITY_ERROR",
        """
        type Query { q: Int }
        type Mutation { m: T }
        type T { a: Int @shareable }
        """,
        """
        type Query { t: T }
        type T { a: Int @shareable b: Int }
        """,
    ),
    mistake(
        "shared union without common member",
        "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES",
        """
        type Query { u: U @shareable }
        union U = A
        type A { a: Int }
        """,
        """
        type Query { u: U @shareable }
        union U = B
        type B { b: Int }
        """,
    ),
    mistake(
        "override that takes the only way",
        "SATISFIABILITY_ERROR",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID! }
        """,
        """
        type T @key(fields: "id", resolvable: false) { id: ID! a: Int @override(from: "c") }
        """,
        """
        type T @key(fields: "id") { id: ID! a: Int }
        """,
    ),
    mistake(
        "override in progress to an unreachable subgraph",
        "SATISFIABILITY_ERROR",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID! }
        """,
        """
        type T @key(fields: "id", resolvable: false) { id: ID! a: Int @override(from: "c", label: "percent(5)")
        }
        """,
        """
        type T @key(fields: "id") { id: ID! a: Int }
        """,
    ),
    mistake(
        "context that one path does not set",
        "SATISFIABILITY_ERROR",
        """
        type Query { t: T! u: U! }
        type T @key(fields: "id") @context(name: "c") { id: ID! p: String! u: U! }
        type U @key(fields: "id") { id: ID! a(x: String @fromContext(field: "$c { p }")): Int! }
        """,
    ),
)
