"""The members subgraph: accounts, addresses, sessions, privacy."""

from strawberry.tools import merge_types

from schema.members import account, address, audit, factor, privacy, session, signing
from schema.scalars import CONFIG
from subgraphs.runtime import Subgraph
from subgraphs.service import serve

subgraph = Subgraph(
    "members",
    query=merge_types("Query", (account.Query, session.Query, signing.Query, privacy.Query)),
    mutation=merge_types(
        "Mutation", (session.Mutation, factor.Mutation, account.Mutation, address.Mutation, privacy.Mutation)
    ),
    types=(account.Product, account.Shop, audit.AuditTrail),
    config=CONFIG,
)

if __name__ == "__main__":
    serve(subgraph)
