"""The content subgraph: banners, zones, live rooms, videos, notes."""

from schema.content import AuditTrail, Mutation, Query
from schema.scalars import CONFIG
from subgraphs.runtime import Subgraph
from subgraphs.service import serve

subgraph = Subgraph("content", query=Query, mutation=Mutation, types=[AuditTrail], config=CONFIG)

if __name__ == "__main__":
    serve(subgraph)
