"""The rows and their allowed moves. `MODULES` tells Tortoise where each domain's tables are."""

MODULES = {
    "shops": ("models.shops.tables", "models.shops.audit"),
    "products": ("models.products.tables", "models.products.audit"),
    "orders": (
        "models.orders.stock",
        "models.orders.wallet",
        "models.orders.group",
        "models.orders.order",
        "models.orders.market",
        "models.orders.oversight",
        "models.orders.news",
        "models.orders.audit",
    ),
    "members": (
        "models.members.account",
        "models.members.session",
        "models.members.throttle",
        "models.members.factor",
        "models.members.signing",
        "models.members.privacy",
        "models.members.staff",
        "models.members.news",
        "models.members.audit",
    ),
    "content": ("models.content.tables", "models.content.audit"),
}
