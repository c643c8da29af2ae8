"""The orders subgraph: stock, wallet, groups, orders."""

from schema.orders.group import GroupBuy
from schema.orders.order import Member, Query, Shop
from schema.orders.stock import FlashSaleItem, Sku
from schema.orders.wallet import Mutation
from schema.scalars import CONFIG
from subgraphs.runtime import Subgraph
from subgraphs.service import serve

subgraph = Subgraph(
    "orders", query=Query, mutation=Mutation, types=(Sku, FlashSaleItem, GroupBuy, Member, Shop), config=CONFIG
)

if __name__ == "__main__":
    serve(subgraph)
