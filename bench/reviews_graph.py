"""The graph by which federation gateways are compared: accounts, inventory, products and reviews, and its query.

After github.com/graphql-hive/graphql-gateways-benchmark: the same schemas, the same query, 6 users, 9 products and 11
reviews.
"""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@provides", "@requires", "@shareable"])
"""

SUBGRAPHS = {
    "accounts": """
type Query { me: User user(id: ID!): User users: [User] }
type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }
""",
    "inventory": """
type Product @key(fields: "upc") {
  upc: String!
  weight: Int @external
  price: Int @external
  inStock: Boolean
  shippingEstimate: Int @requires(fields: "price weight")
}
""",
    "products": """
type Query { topProducts(first: Int = 5): [Product] }
type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }
""",
    "reviews": """
type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
type Product @key(fields: "upc") { upc: String! reviews: [Review] }
""",
}

QUERY = """
fragment User on User { id username name }
fragment Review on Review { id body }
fragment Product on Product { inStock name price shippingEstimate upc weight }
query TestQuery {
  users {
    ...User
    reviews {
      ...Review
      product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
    }
  }
  topProducts {
    ...Product
    reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
  }
}
"""

_USERS = ("Uri Goldshtein", "Dotan Simha", "Kamil Kisiela", "Arda Tanrikulu", "Gil Gardosh", "Laurin Quast")
_PRODUCTS = (
    *(("Table", 899, 100), ("Couch", 1299, 1000), ("Glass", 15, 20), ("Chair", 499, 100), ("TV", 1299, 1000)),
    *(("Lamp", 6999, 300), ("Grill", 3999, 2000), ("Fridge", 100000, 6000), ("Sofa", 9999, 800)),
)
_REVIEWS = (
    *((1, 1, "Love it!"), (1, 2, "Too expensive."), (2, 3, "Could be better."), (2, 1, "Prefer something else.")),
    *((3, 4, "It fits."), (3, 5, "As described."), (4, 6, "Again, please."), (4, 7, "It came late.")),
    *((5, 8, "Good value."), (6, 9, "My cat likes it."), (6, 1, "It wobbles.")),
)


def rows() -> list[Row]:
    """The rows that all four subgraphs share."""
    users: list[Row] = [
        {"__typename": "User", "id": str(number), "name": name, "username": name.replace(" ", "").lower()}
        for number, name in enumerate(_USERS, 1)
    ]
    products: list[Row] = [
        {"__typename": "Product", "upc": str(number), "name": name, "price": price, "weight": weight}
        for number, (name, price, weight) in enumerate(_PRODUCTS, 1)
    ]
    for product in products:
        product |= {"inStock": int(product["upc"]) % 3 != 0, "shippingEstimate": _estimate, "reviews": []}
    for user in users:
        user["reviews"] = []
    for number, (author, product, body) in enumerate(_REVIEWS, 1):
        review = {"__typename": "Review", "id": str(number), "body": body}
        review |= {"author": users[author - 1], "product": products[product - 1]}
        users[author - 1]["reviews"].append(review)
        products[product - 1]["reviews"].append(review)
    root = {"__typename": "Query", "users": users, "topProducts": lambda _, arguments: products[: arguments["first"]]}
    return [root, *users, *products, *(review for user in users for review in user["reviews"])]


def _estimate(given: Row, _: Row) -> int:
    """Free for what is dear, else half its weight."""
    return 0 if given["price"] > 1000 else given["weight"] // 2
