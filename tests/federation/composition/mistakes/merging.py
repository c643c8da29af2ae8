"""Subgraphs that contradict one another."""

from __future__ import annotations

from tests.federation.composition.mistakes import Mistake, mistake

MISTAKES: tuple[Mistake, ...] = (
    mistake(
        "nothing to ask",
        "NO_QUERIES",
        """
        type T { a: Int }
        """,
        """
        type T2 { b: Int }
        """,
    ),
    mistake(
        "two kinds of type",
        "TYPE_KIND_MISMATCH",
        """
        type Query { t: T }
        type T { a: Int }
        """,
        """
        interface T { a: Int }
        """,
    ),
    mistake(
        "union of an interface object",
        "INVALID_GRAPHQL",
        """
        type T @interfaceObject @key(fields: "id") { id: ID! }
        """,
        """
        type Query { u: U }
        union U = T
        type T { id: ID! }
        """,
    ),
    mistake(
        "extension without base",
        "EXTENSION_WITH_NO_BASE",
        """
        type Query { a: Int }
        """,
        """
        extend
        type T @key(fields: "id") { id: ID! }
        """,
    ),
    mistake(
        "shared field",
        "INVALID_FIELD_SHARING",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int }
        """,
    ),
    mistake(
        "field shared by one only",
        "INVALID_FIELD_SHARING",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @shareable }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int }
        """,
    ),
    mistake(
        "shared value type",
        "INVALID_FIELD_SHARING",
        """
        type Query { t: T }
        type T { a: Int }
        """,
        """
        type Query { u: T }
        type T { a: Int }
        """,
    ),
    mistake(
        "shared query field",
        "INVALID_FIELD_SHARING",
        """
        type Query { a: Int }
        """,
        """
        type Query { a: Int }
        """,
    ),
    mistake(
        "shared subscription",
        "INVALID_FIELD_SHARING",
        """
        type Query { a: Int }
        type Subscription { s: Int @shareable }
        """,
        """
        type Subscription { s: Int @shareable }
        """,
    ),
    mistake(
        "field types",
        "FIELD_TYPE_MISMATCH",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @shareable }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: String @shareable }
        """,
    ),
    mistake(
        "list and item",
        "FIELD_TYPE_MISMATCH",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @shareable }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: [Int] @shareable }
        """,
    ),
    mistake(
        "external everywhere",
        "EXTERNAL_MISSING_ON_BASE",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @external b: Int @requires(fields: "a") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int @external c: Int @requires(fields: "a") }
        """,
    ),
    mistake(
        "external of another type",
        "EXTERNAL_TYPE_MISMATCH",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @external b: Int @requires(fields: "a") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: String }
        """,
    ),
    mistake(
        "tag on an external field",
        "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @external @tag(name: "x") b: Int @requires(fields: "a") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int }
        """,
    ),
    mistake(
        "override from itself",
        "OVERRIDE_FROM_SELF_ERROR",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @override(from: "a") }
        """,
        """
        type T @key(fields: "id") { id: ID!  b: Int }
        """,
    ),
    mistake(
        "override from an override",
        "INVALID_FIELD_SHARING OVERRIDE_SOURCE_HAS_OVERRIDE",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @override(from: "b") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int @override(from: "a") }
        """,
    ),
    mistake(
        "override of a requirement",
        "INVALID_FIELD_SHARING OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  x: Int a: Int @override(from: "b") }
        """,
        """
        type T @key(fields: "id") { id: ID!  x: Int @external a: Int @requires(fields: "x") }
        """,
    ),
    mistake(
        "override of a provision",
        "INVALID_FIELD_SHARING OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  u: U @override(from: "b") }
        type U @key(fields: "id") { id: ID! n: Int @shareable }
        """,
        """
        type T @key(fields: "id") { id: ID!  u: U @provides(fields: "n") }
        type U @key(fields: "id") { id: ID! n: Int @external }
        """,
    ),
    mistake(
        "external override",
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @external @override(from: "b") c: Int @requires(fields: "a")
        }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int }
        """,
    ),
    mistake(
        "override on an interface",
        "OVERRIDE_ON_INTERFACE",
        """
        type Query { i: I }
        interface I { a: Int @override(from: "b") }
        type T implements I { a: Int @shareable }
        """,
        """
        interface I { a: Int }
        type T implements I { a: Int @shareable }
        """,
    ),
    mistake(
        "bad override label",
        "OVERRIDE_LABEL_INVALID",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @override(from: "b", label: "1x") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int }
        """,
    ),
    mistake(
        "bad override percentage",
        "OVERRIDE_LABEL_INVALID",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @override(from: "b", label: "percent(101)") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int }
        """,
    ),
    mistake(
        "override from nowhere",
        "INVALID_FIELD_SHARING",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @override(from: "z") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int }
        """,
    ),
    mistake(
        "interface field without implementation",
        "INTERFACE_FIELD_NO_IMPLEM",
        """
        type Query { i: I }
        interface I { a: Int b: Int }
        type T implements I { a: Int b: Int }
        """,
        """
        type Query { j: I }
        interface I { a: Int }
        type U implements I { a: Int }
        """,
    ),
    mistake(
        "field unfit for its interface after merging",
        "INVALID_GRAPHQL",
        """
        type Query { i: I }
        interface I { a: Int! }
        type T implements I @shareable { a: Int! }
        """,
        """
        type Query { t: T }
        type T @shareable { a: Int }
        """,
    ),
    mistake(
        "interface object beside its implementations",
        "INTERFACE_OBJECT_USAGE_ERROR",
        """
        type Query { i: I }
        interface I @key(fields: "id") { id: ID! }
        type T implements I @key(fields: "id") { id: ID! }
        """,
        """
        type I @interfaceObject @key(fields: "id") { id: ID! a: Int }
        type T @key(fields: "id") { id: ID! }
        """,
    ),
    mistake(
        "interface object without interface",
        "INTERFACE_OBJECT_USAGE_ERROR",
        """
        type Query { i: I }
        type I @interfaceObject @key(fields: "id") { id: ID! }
        """,
        """
        type I @interfaceObject @key(fields: "id") { id: ID! a: Int }
        """,
    ),
    mistake(
        "interface key without all implementations",
        "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
        """
        type Query { i: I }
        interface I @key(fields: "id") { id: ID! }
        type T implements I @key(fields: "id") { id: ID! }
        """,
        """
        interface I { id: ID! }
        type U implements I @key(fields: "id") { id: ID! }
        type Query { u: U }
        """,
    ),
    mistake(
        "field shared with an interface object",
        "INVALID_FIELD_SHARING",
        """
        type Query { i: I }
        interface I @key(fields: "id") { id: ID! }
        type T implements I @key(fields: "id") { id: ID! a: Int }
        """,
        """
        type I @interfaceObject @key(fields: "id") { id: ID! a: Int }
        """,
    ),
    mistake(
        "federation 1 extension without base",
        "EXTENSION_WITH_NO_BASE",
        """
        # federation 1
        type Query { a: Int }
        """,
        """
        # federation 1
        extend
        type T @key(fields: "id") { id: ID! @external }
        """,
    ),
    mistake(
        "federation 1 type of nothing",
        "TYPE_WITH_ONLY_UNUSED_EXTERNAL",
        """
        # federation 1
        type Query { t: T }
        type T { a: Int @external }
        """,
        """
        # federation 1
        type T { a: Int }
        """,
    ),
    mistake(
        "federation 1 key of an unknown field",
        "KEY_INVALID_FIELDS",
        """
        # federation 1
        type Query { t: T }
        type T @key(fields: "no") { id: ID }
        """,
    ),
    mistake(
        "federation 1 types",
        "FIELD_TYPE_MISMATCH",
        """
        # federation 1
        type Query { t: T }
        type T { a: Int }
        """,
        """
        # federation 1
        type T { a: String }
        """,
    ),
)
