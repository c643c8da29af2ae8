"""Mistakes of one subgraph in keys, requirements and provisions."""

from __future__ import annotations

from tests.federation.composition.mistakes import Mistake, mistake

MISTAKES: tuple[Mistake, ...] = (
    mistake(
        "key of an unknown field",
        "KEY_INVALID_FIELDS",
        """
        type Query { t: T }
        type T @key(fields: "no") { id: ID }
        """,
    ),
    mistake(
        "key with bad syntax",
        "KEY_INVALID_FIELDS",
        """
        type Query { t: T }
        type T @key(fields: "id {") { id: ID }
        """,
    ),
    mistake(
        "empty key",
        "KEY_INVALID_FIELDS",
        """
        type Query { t: T }
        type T @key(fields: "") { id: ID }
        """,
    ),
    mistake(
        "key that is no string",
        "KEY_INVALID_FIELDS_TYPE",
        """
        type Query { t: T }
        type T @key(fields: 1) { id: ID }
        """,
    ),
    mistake(
        "key that is a list",
        "KEY_INVALID_FIELDS_TYPE",
        """
        type Query { t: T }
        type T @key(fields: ["id"]) { id: ID }
        """,
    ),
    mistake(
        "key with arguments",
        "KEY_FIELDS_HAS_ARGS",
        """
        type Query { t: T }
        type T @key(fields: "id") { id(x: Int): ID }
        """,
    ),
    mistake(
        "key of a union",
        "KEY_FIELDS_SELECT_INVALID_TYPE",
        """
        type Query { t: T }
        type T @key(fields: "u { ... on A { a } }") { u: U }
        union U = A
        type A { a: Int }
        """,
    ),
    mistake(
        "key of an interface",
        "KEY_FIELDS_SELECT_INVALID_TYPE",
        """
        type Query { t: T }
        type T @key(fields: "i { a }") { i: I }
        interface I { a: Int }
        type A implements I { a: Int }
        """,
    ),
    mistake(
        "key without selection",
        "KEY_INVALID_FIELDS",
        """
        type Query { t: T }
        type T @key(fields: "o") { o: O }
        type O { a: Int }
        """,
    ),
    mistake(
        "key with a directive",
        "KEY_DIRECTIVE_IN_FIELDS_ARG",
        """
        type Query { t: T }
        type T @key(fields: "id @include(if: true)") { id: ID }
        """,
    ),
    mistake(
        "key on an interface too early",
        "KEY_UNSUPPORTED_ON_INTERFACE",
        """
        extend
        schema @link(url: "https://specs.apollo.dev/federation/v2.2", import: ["@key"])
        type Query { t: T }
        interface I @key(fields: "id") { id: ID }
        type T implements I @key(fields: "id") { id: ID }
        """,
    ),
    mistake(
        "key of the interface missing on an object",
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        """
        type Query { t: T }
        interface I @key(fields: "id") { id: ID }
        type T implements I { id: ID }
        """,
    ),
    mistake(
        "key of the interface not resolvable on an object",
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        """
        type Query { t: T }
        interface I @key(fields: "id") { id: ID }
        type T implements I @key(fields: "id", resolvable: false) { id: ID }
        """,
    ),
    mistake(
        "requires an unknown field",
        "REQUIRES_INVALID_FIELDS",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID a: Int @requires(fields: "no") }
        """,
    ),
    mistake(
        "requires what is not external",
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID b: Int a: Int @requires(fields: "b") }
        """,
    ),
    mistake(
        "requires that is no string",
        "EXTERNAL_UNUSED REQUIRES_INVALID_FIELDS_TYPE",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID b: Int @external a: Int @requires(fields: 3) }
        """,
    ),
    mistake(
        "requires with a directive",
        "REQUIRES_DIRECTIVE_IN_FIELDS_ARG",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID b: Int @external a: Int @requires(fields: "b @skip(if: true)") }
        """,
    ),
    mistake(
        "requires on an interface",
        "REQUIRES_FIELDS_MISSING_EXTERNAL REQUIRES_UNSUPPORTED_ON_INTERFACE",
        """
        type Query { t: I }
        interface I { b: Int a: Int @requires(fields: "b") }
        type T implements I { a: Int b: Int }
        """,
    ),
    mistake(
        "requires an unknown argument",
        "REQUIRES_INVALID_FIELDS",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID b: Int @external a: Int @requires(fields: "b(x: 1)") }
        """,
    ),
    mistake(
        "requires without a mandatory argument",
        "REQUIRES_INVALID_FIELDS",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID b(x: Int!): Int @external a: Int @requires(fields: "b") }
        """,
    ),
    mistake(
        "requires with an alias",
        "REQUIRES_INVALID_FIELDS",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID b: Int @external a: Int @requires(fields: "c: b") }
        """,
    ),
    mistake(
        "provides on a scalar",
        "PROVIDES_ON_NON_OBJECT_FIELD",
        """
        type Query { t: Int @provides(fields: "a") }
        """,
    ),
    mistake(
        "provides an unknown field",
        "PROVIDES_INVALID_FIELDS",
        """
        type Query { t: T @provides(fields: "no") }
        type T { a: Int }
        """,
    ),
    mistake(
        "provides what is not external",
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        """
        type Query { t: T @provides(fields: "a") }
        type T { a: Int }
        """,
    ),
    mistake(
        "provides with arguments",
        "PROVIDES_FIELDS_HAS_ARGS",
        """
        type Query { t: T @provides(fields: "a") }
        type T @key(fields: "id") { id: ID a(x: Int): Int @external }
        """,
    ),
    mistake(
        "provides that is no string",
        "EXTERNAL_UNUSED PROVIDES_INVALID_FIELDS_TYPE",
        """
        type Query { t: T @provides(fields: true) }
        type T @key(fields: "id") { id: ID a: Int @external }
        """,
    ),
    mistake(
        "provides on an interface",
        "PROVIDES_UNSUPPORTED_ON_INTERFACE",
        """
        type Query { i: I }
        interface I { t: T @provides(fields: "a") }
        type O implements I { t: T }
        type T @key(fields: "id") { id: ID a: Int @external }
        """,
    ),
    mistake(
        "provides and external at once",
        "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
        """
        type Query { o: O }
        type O @key(fields: "id") { id: ID t: T @external @provides(fields: "a") }
        type T @key(fields: "id") { id: ID a: Int @external }
        """,
    ),
    mistake(
        "external without use",
        "EXTERNAL_UNUSED",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID a: Int @external }
        """,
    ),
    mistake(
        "external type without use",
        "EXTERNAL_UNUSED",
        """
        type Query { t: T }
        type T @external { a: Int }
        """,
    ),
    mistake(
        "external on an interface",
        "EXTERNAL_ON_INTERFACE EXTERNAL_UNUSED",
        """
        type Query { i: I }
        interface I { a: Int @external }
        type T implements I { a: Int }
        """,
    ),
    mistake(
        "interface object without key",
        "INTERFACE_OBJECT_USAGE_ERROR",
        """
        type Query { i: I }
        type I @interfaceObject { a: Int }
        """,
    ),
)
