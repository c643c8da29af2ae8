"""What a process tells a subgraph over HTTP of who asks."""

from __future__ import annotations

import pytest

from federation.execution.transport import OperationKind, RequestContext, SubgraphRequest
from kit.contexts import GATEWAY, ContextWriter
from kit.jws import SigningKey
from kit.viewer import GUEST
from subgraphs.requests import RequestScope
from subgraphs.speaking import Speaking
from tests.federation.execution.peer import healthy, serving


@pytest.mark.parametrize(("operation", "told"), [("query", None), ("mutation", "192.0.2.7")])
async def test_where_the_client_is_goes_with_mutations_and_is_never_what_the_client_says(
    operation: OperationKind, told: str | None
) -> None:
    writer = ContextWriter(GATEWAY, SigningKey.fresh())
    async with serving(healthy) as peer:
        way = Speaking("members", peer.url, writer)
        context = RequestContext({"jishi-client": "198.51.100.1"}, None, RequestScope(GUEST, address="192.0.2.7"))
        await way.send(SubgraphRequest("{ ok }", {}, None, operation), context)
        await way.aclose()
    sent = dict(line.lower().split(": ", 1) for line in peer.calls[0].head.splitlines()[1:] if line)
    assert sent.get("jishi-client") == told
