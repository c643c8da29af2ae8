"""Subgraphs that do not take the same things in."""

from __future__ import annotations

from tests.federation.composition.mistakes import Mistake, mistake

MISTAKES: tuple[Mistake, ...] = (
    mistake(
        "enum and scalar",
        "TYPE_KIND_MISMATCH",
        """
        type Query { t: T }
        enum T { A }
        """,
        """
        scalar T
        """,
    ),
    mistake(
        "argument types",
        "FIELD_ARGUMENT_TYPE_MISMATCH",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a(x: Int): Int @shareable }
        """,
        """
        type T @key(fields: "id") { id: ID!  a(x: String): Int @shareable }
        """,
    ),
    mistake(
        "argument defaults",
        "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a(x: Int = 1): Int @shareable }
        """,
        """
        type T @key(fields: "id") { id: ID!  a(x: Int = 2): Int @shareable }
        """,
    ),
    mistake(
        "required argument missing",
        "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a(x: Int!): Int @shareable }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int @shareable }
        """,
    ),
    mistake(
        "input field types",
        "FIELD_TYPE_MISMATCH",
        """
        type Query { a(i: I): Int }
        input I { x: Int }
        """,
        """
        type Query { b(i: I): Int }
        input I { x: String }
        """,
    ),
    mistake(
        "input field defaults",
        "INPUT_FIELD_DEFAULT_MISMATCH",
        """
        type Query { a(i: I): Int }
        input I { x: Int = 1 }
        """,
        """
        type Query { b(i: I): Int }
        input I { x: Int = 2 }
        """,
    ),
    mistake(
        "required input field missing",
        "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
        """
        type Query { a(i: I): Int }
        input I { x: Int y: Int! }
        """,
        """
        type Query { b(i: I): Int }
        input I { x: Int }
        """,
    ),
    mistake(
        "no common input field",
        "EMPTY_MERGED_INPUT_TYPE",
        """
        type Query { a(i: I): Int }
        input I { x: Int }
        """,
        """
        type Query { b(i: I): Int }
        input I { y: Int }
        """,
    ),
    mistake(
        "enum that goes in and out",
        "ENUM_VALUE_MISMATCH",
        """
        type Query { a(e: E): E }
        enum E { A B }
        """,
        """
        type Query { b(e: E): Int }
        enum E { A }
        """,
    ),
    mistake(
        "no common enum value",
        "EMPTY_MERGED_ENUM_TYPE",
        """
        type Query { a(e: E): Int }
        enum E { A }
        """,
        """
        type Query { b(e: E): Int }
        enum E { B }
        """,
    ),
    mistake(
        "external without argument",
        "EXTERNAL_ARGUMENT_MISSING",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @external b: Int @requires(fields: "a") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a(x: Int): Int }
        """,
    ),
    mistake(
        "external with another argument type",
        "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a(x: String): Int @external b: Int @requires(fields: "a") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a(x: Int): Int }
        """,
    ),
    mistake(
        "external with another default",
        "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a(x: Int = 1): Int @external b: Int @requires(fields: "a") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a(x: Int = 2): Int }
        """,
    ),
    mistake(
        "required argument that merging dropped",
        "REQUIRES_INVALID_FIELDS",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a(x: Int): Int @external b: Int @requires(fields: "a(x: 1)") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int }
        """,
    ),
)
