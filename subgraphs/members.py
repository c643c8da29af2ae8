"""The members subgraph: members, levels, addresses, sessions."""

from schema.members import Mutation, Product, Query, Shop
from schema.scalars import CONFIG
from subgraphs.runtime import Subgraph
from subgraphs.service import serve

subgraph = Subgraph("members", query=Query, mutation=Mutation, types=(Product, Shop), config=CONFIG)

if __name__ == "__main__":
    serve(subgraph)
