"""The shops subgraph: shops, branches, staff."""

from schema.scalars import CONFIG
from schema.shops import Member, Query
from subgraphs.runtime import Subgraph
from subgraphs.service import serve

subgraph = Subgraph("shops", query=Query, types=[Member], config=CONFIG)

if __name__ == "__main__":
    serve(subgraph)
