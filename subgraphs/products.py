"""The products subgraph: catalogue, prices, promotions."""

from schema.products import FlashSaleItem, GroupBuy, Query, Shop
from schema.scalars import CONFIG
from subgraphs.runtime import Subgraph

subgraph = Subgraph("products", query=Query, types=(Shop, FlashSaleItem, GroupBuy), config=CONFIG)
