"""Mistakes with costs, access, contexts and what is hidden."""

from __future__ import annotations

from tests.federation.composition.mistakes import Mistake, mistake

MISTAKES: tuple[Mistake, ...] = (
    mistake(
        "shareable on an interface",
        "INVALID_SHAREABLE_USAGE",
        """
        type Query { i: I }
        interface I { a: Int @shareable }
        type T implements I { a: Int }
        """,
    ),
    mistake(
        "shareable twice on a field",
        "INVALID_SHAREABLE_USAGE",
        """
        type Query { a: Int @shareable @shareable }
        """,
    ),
    mistake(
        "shareable twice on a type",
        "INVALID_SHAREABLE_USAGE",
        """
        type Query @shareable @shareable { a: Int }
        """,
    ),
    mistake(
        "cost on an interface",
        "COST_APPLIED_TO_INTERFACE_FIELD",
        """
        type Query { i: I }
        interface I { a: Int @cost(weight: 3) }
        type T implements I { a: Int }
        """,
    ),
    mistake(
        "list size of no list",
        "LIST_SIZE_APPLIED_TO_NON_LIST",
        """
        type Query { a: Int @listSize(assumedSize: 3) }
        """,
    ),
    mistake(
        "negative list size",
        "LIST_SIZE_INVALID_ASSUMED_SIZE",
        """
        type Query { a: [Int] @listSize(assumedSize: -3) }
        """,
    ),
    mistake(
        "unknown slicing argument",
        "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        """
        type Query { a: [Int] @listSize(slicingArguments: ["first"]) }
        """,
    ),
    mistake(
        "slicing by a string",
        "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        """
        type Query { a(first: String): [Int] @listSize(slicingArguments: ["first"]) }
        """,
    ),
    mistake(
        "sized field of a scalar",
        "LIST_SIZE_INVALID_SIZED_FIELD",
        """
        type Query { a: Int @listSize(sizedFields: ["b"]) }
        """,
    ),
    mistake(
        "unknown sized field",
        "LIST_SIZE_INVALID_SIZED_FIELD",
        """
        type Query { a: T @listSize(sizedFields: ["b"]) }
        type T { a: [Int] }
        """,
    ),
    mistake(
        "sized field that is no list",
        "LIST_SIZE_APPLIED_TO_NON_LIST",
        """
        type Query { a: T @listSize(sizedFields: ["b"]) }
        type T { b: Int }
        """,
    ),
    mistake(
        "guard on an interface",
        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
        """
        type Query { i: I }
        interface I @authenticated { a: Int }
        type T implements I { a: Int }
        """,
    ),
    mistake(
        "guard on a field of an interface",
        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
        """
        type Query { i: I }
        interface I { a: Int @policy(policies: [["p"]]) }
        type T implements I { a: Int }
        """,
    ),
    mistake(
        "context with underscore",
        "CONTEXT_NAME_INVALID",
        """
        type Query { t: T! }
        type T @key(fields: "id") @context(name: "a_b") { id: ID! }
        """,
    ),
    mistake(
        "context that nobody sets",
        "CONTEXT_NOT_SET",
        """
        type Query { t: T! }
        type T @key(fields: "id") { id: ID! a(x: String @fromContext(field: "$c { p }")): Int! }
        """,
    ),
    mistake(
        "no context in the selection",
        "NO_CONTEXT_IN_SELECTION",
        """
        type Query { t: T! }
        type T @key(fields: "id") @context(name: "c") { id: ID! p: String! u: U! }
        type U @key(fields: "id") { id: ID! a(x: String @fromContext(field: "{ p }")): Int! }
        """,
    ),
    mistake(
        "context selects an unknown field",
        "CONTEXT_INVALID_SELECTION",
        """
        type Query { t: T! }
        type T @key(fields: "id") @context(name: "c") { id: ID! p: String! u: U! }
        type U @key(fields: "id") { id: ID! a(x: String @fromContext(field: "$c { q }")): Int! }
        """,
    ),
    mistake(
        "context selects another type",
        "CONTEXT_INVALID_SELECTION",
        """
        type Query { t: T! }
        type T @key(fields: "id") @context(name: "c") { id: ID! p: Int! u: U! }
        type U @key(fields: "id") { id: ID! a(x: String @fromContext(field: "$c { p }")): Int! }
        """,
    ),
    mistake(
        "context without resolvable key",
        "CONTEXT_NO_RESOLVABLE_KEY",
        """
        type Query { t: T! }
        type T @key(fields: "id") @context(name: "c") { id: ID! p: String! u: U! }
        type U { id: ID! a(x: String @fromContext(field: "$c { p }")): Int! }
        """,
    ),
    mistake(
        "requirement guarded more than its field",
        "MISSING_TRANSITIVE_AUTH_REQUIREMENTS",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @external b: Int @requires(fields: "a") }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int @authenticated }
        """,
    ),
    mistake(
        "requirement with more scopes than its field",
        "MISSING_TRANSITIVE_AUTH_REQUIREMENTS",
        """
        type Query { t: T }
        type T @key(fields: "id") { id: ID!  a: Int @external b: Int @requires(fields: "a")
        @requiresScopes(scopes: [["x"]]) }
        """,
        """
        type T @key(fields: "id") { id: ID!  a: Int @requiresScopes(scopes: [["x", "y"]]) }
        """,
    ),
    mistake(
        "contextual argument elsewhere required",
        "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
        """
        type Query { t: T! }
        type T @key(fields: "id") @context(name: "c") { id: ID! p: String! u: U! }
        type U @key(fields: "id") { id: ID! a(x: String @fromContext(field: "$c { p }")): Int! @shareable }
        """,
        """
        type U @key(fields: "id") { id: ID! a(x: String!): Int! @shareable }
        """,
    ),
    mistake(
        "hidden query root",
        "QUERY_ROOT_TYPE_INACCESSIBLE",
        """
        type Query @inaccessible { a: Int }
        """,
    ),
    mistake(
        "everything in it hidden",
        "ONLY_INACCESSIBLE_CHILDREN",
        """
        type Query { a: Int t: T }
        type T { b: Int @inaccessible }
        """,
    ),
    mistake(
        "hidden enum values",
        "ONLY_INACCESSIBLE_CHILDREN",
        """
        type Query { a: E }
        enum E { A @inaccessible }
        """,
    ),
    mistake(
        "hidden type in use",
        "REFERENCED_INACCESSIBLE",
        """
        type Query { a: Int t: T }
        type T @inaccessible { b: Int }
        """,
    ),
    mistake(
        "hidden input in use",
        "REFERENCED_INACCESSIBLE",
        """
        type Query { a(i: I): Int }
        input I @inaccessible { b: Int }
        """,
    ),
    mistake(
        "hidden implementation",
        "IMPLEMENTED_BY_INACCESSIBLE",
        """
        type Query { i: I }
        interface I { a: Int }
        type T implements I { a: Int @inaccessible b: Int }
        """,
    ),
    mistake(
        "hidden required argument",
        "REQUIRED_INACCESSIBLE",
        """
        type Query { a(x: Int! @inaccessible): Int }
        """,
    ),
    mistake(
        "hidden required input field",
        "REQUIRED_INACCESSIBLE",
        """
        type Query { a(i: I): Int }
        input I { x: Int! @inaccessible y: Int }
        """,
    ),
    mistake(
        "hidden value in a default",
        "DEFAULT_VALUE_USES_INACCESSIBLE",
        """
        type Query { a(e: E = A): Int }
        enum E { A @inaccessible B }
        """,
    ),
    mistake(
        "hidden field in a default",
        "DEFAULT_VALUE_USES_INACCESSIBLE",
        """
        type Query { a(i: I = {x: 1}): Int }
        input I { x: Int @inaccessible y: Int }
        """,
    ),
)
