"""The members subgraph: accounts, sessions."""

from strawberry.tools import merge_types

from schema.members import account, audit, session, signing
from schema.scalars import CONFIG
from subgraphs.runtime import Subgraph
from subgraphs.service import serve

subgraph = Subgraph(
    "members",
    query=merge_types("Query", (account.Query, signing.Query)),
    mutation=merge_types("Mutation", (session.Mutation, account.Mutation)),
    types=(account.Product, account.Shop, audit.AuditTrail),
    config=CONFIG,
)

if __name__ == "__main__":
    serve(subgraph)
