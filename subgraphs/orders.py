"""The orders subgraph: stock, wallet, groups, orders."""

from strawberry.tools import merge_types

from schema.orders import market, order, oversight, wallet
from schema.orders.audit import AuditTrail
from schema.orders.group import GroupBuy
from schema.orders.order import Member, Shop
from schema.orders.stock import FlashSaleItem, Sku
from schema.scalars import CONFIG
from subgraphs.runtime import Subgraph
from subgraphs.service import serve

subgraph = Subgraph(
    "orders",
    query=merge_types("Query", (order.Query, market.Query, oversight.Query)),
    mutation=merge_types("Mutation", (wallet.Mutation, oversight.Mutation)),
    types=(Sku, FlashSaleItem, GroupBuy, Member, Shop, AuditTrail),
    config=CONFIG,
)

if __name__ == "__main__":
    serve(subgraph)
