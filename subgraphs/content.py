"""The content subgraph: banners, zones, live rooms, videos, notes."""

from schema.content import Mutation, Query
from schema.scalars import CONFIG
from subgraphs.runtime import Subgraph
from subgraphs.service import serve

subgraph = Subgraph("content", query=Query, mutation=Mutation, config=CONFIG)

if __name__ == "__main__":
    serve(subgraph)
