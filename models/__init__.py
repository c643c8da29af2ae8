"""The rows and their allowed moves. `MODULES` tells Tortoise where each domain's tables are."""

MODULES = {
    "shops": ("models.shops.tables",),
    "products": ("models.products.tables",),
    "orders": (
        "models.orders.stock",
        "models.orders.wallet",
        "models.orders.group",
        "models.orders.order",
        "models.orders.news",
    ),
    "members": ("models.members.tables",),
    "content": ("models.content.tables",),
}
