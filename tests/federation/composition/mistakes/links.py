"""Mistakes in the language itself: GraphQL, links, names of roots and of composed directives."""

from __future__ import annotations

from tests.federation.composition.mistakes import LINKED, Mistake, mistake

MISTAKES: tuple[Mistake, ...] = (
    mistake(
        "syntax error",
        "INVALID_GRAPHQL",
        """
        type Query { a: Int
        """,
    ),
    mistake(
        "unknown type",
        "INVALID_GRAPHQL",
        """
        type Query { a: Missing }
        """,
    ),
    mistake(
        "unknown directive",
        "INVALID_GRAPHQL",
        """
        type Query { a: Int @nothing }
        """,
    ),
    mistake(
        "missing interface field",
        "INVALID_GRAPHQL",
        """
        interface I { a: Int }
        type Query implements I { b: Int }
        """,
    ),
    mistake(
        "wrong directive argument",
        "INVALID_GRAPHQL",
        """
        type Query { a: Int @tag(name: 1) }
        """,
    ),
    mistake(
        "missing directive argument",
        "INVALID_GRAPHQL",
        """
        type Query { a: Int @tag }
        """,
    ),
    mistake(
        "wrong default",
        "INVALID_GRAPHQL",
        """
        type Query { a(b: Int = "x"): Int }
        """,
    ),
    mistake(
        "directive in a wrong place",
        "INVALID_GRAPHQL",
        """
        type Query { a: Int @interfaceObject }
        """,
    ),
    mistake(
        "duplicate field",
        "INVALID_GRAPHQL",
        """
        type Query { a: Int a: Int }
        """,
    ),
    mistake(
        "directive that is not imported",
        "INVALID_GRAPHQL",
        """
        extend
        schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
        type Query { a: Int @shareable }
        """,
    ),
    mistake(
        "directive of a later version",
        "INVALID_LINK_DIRECTIVE_USAGE",
        """
        extend
        schema @link(url: "https://specs.apollo.dev/federation/v2.4", import: ["@key", "@authenticated"])
        type Query { a: Int @authenticated }
        """,
    ),
    mistake(
        "unknown federation version",
        "UNKNOWN_FEDERATION_LINK_VERSION",
        """
        extend
        schema @link(url: "https://specs.apollo.dev/federation/v2.99", import: ["@key"])
        type Query { a: Int }
        """,
    ),
    mistake(
        "unknown import",
        "INVALID_LINK_DIRECTIVE_USAGE",
        """
        extend
        schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@keys"])
        type Query { a: Int }
        """,
    ),
    mistake(
        "import without @",
        "INVALID_LINK_DIRECTIVE_USAGE",
        """
        extend
        schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["key"])
        type Query { a: Int }
        """,
    ),
    mistake(
        "link without version",
        "INVALID_LINK_IDENTIFIER",
        """
        extend
        schema @link(url: "https://specs.apollo.dev/federation")
        type Query { a: Int }
        """,
    ),
    mistake(
        "link twice",
        "INVALID_LINK_DIRECTIVE_USAGE",
        """
        extend
        schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
        extend
        schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])
        type Query { a: Int }
        """,
    ),
    mistake(
        "import renamed from directive to type",
        "INVALID_LINK_DIRECTIVE_USAGE",
        """
        extend
        schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{name: "@key", as: "key"}])
        type Query { a: Int }
        """,
    ),
    mistake(
        "query root by another name",
        "ROOT_QUERY_USED",
        """
        schema { query: Other }
        type Other { a: Int }
        type Query { b: Int }
        """,
    ),
    mistake(
        "mutation root by another name",
        "ROOT_MUTATION_USED",
        """
        schema { query: Query mutation: Other }
        type Query { a: Int }
        type Other { a: Int }
        type Mutation { b: Int }
        """,
    ),
    mistake(
        "two names for one directive",
        "LINK_IMPORT_NAME_MISMATCH",
        """
        type Query { a: Int @tag(name: "x") }
        """,
        """
        extend
        schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{name: "@tag", as: "@label"}])
        type Query { b: Int @label(name: "x") }
        """,
    ),
    mistake(
        "composed without @",
        "DIRECTIVE_COMPOSITION_ERROR",
        LINKED
        + """
        extend
        schema @link(url: "https://x.dev/my/v1.0", import: ["@my"]) @composeDirective(name: "my")
        directive @my on FIELD_DEFINITION
        type Query { a: Int @my }
        """,
    ),
    mistake(
        "composed and not defined",
        "DIRECTIVE_COMPOSITION_ERROR",
        LINKED
        + """
        extend
        schema @link(url: "https://x.dev/my/v1.0", import: ["@my"]) @composeDirective(name: "@other")
        directive @my on FIELD_DEFINITION
        type Query { a: Int @my }
        """,
    ),
    mistake(
        "composed and not linked",
        "DIRECTIVE_COMPOSITION_ERROR",
        LINKED
        + """
        extend
        schema @composeDirective(name: "@my")
        directive @my on FIELD_DEFINITION
        type Query { a: Int @my }
        """,
    ),
    mistake(
        "composed directive of federation",
        "DIRECTIVE_COMPOSITION_ERROR",
        LINKED
        + """
        extend
        schema @composeDirective(name: "@key")
        type Query { a: Int }
        """,
    ),
    mistake(
        "composed in different major versions",
        "DIRECTIVE_COMPOSITION_ERROR",
        LINKED
        + """
        extend
        schema @link(url: "https://x.dev/my/v1.0", import: ["@my"]) @composeDirective(name: "@my")
        directive @my on FIELD_DEFINITION
        type Query { a: Int @my }
        """,
        LINKED
        + """
        extend
        schema @link(url: "https://x.dev/my/v2.0", import: ["@my"]) @composeDirective(name: "@my")
        directive @my on FIELD_DEFINITION
        type Query { b: Int @my }
        """,
    ),
)
