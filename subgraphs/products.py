"""The products subgraph: catalogue, prices, promotions."""

from schema.products import AuditTrail, FlashSaleItem, GroupBuy, Query, Shop
from schema.scalars import CONFIG
from subgraphs.runtime import Subgraph
from subgraphs.service import serve

subgraph = Subgraph("products", query=Query, types=(Shop, FlashSaleItem, GroupBuy, AuditTrail), config=CONFIG)

if __name__ == "__main__":
    serve(subgraph)
