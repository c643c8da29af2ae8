"""What stands behind a GraphQL endpoint in tests of its protocols: operations that do as their text says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from kit.graphql_http import GraphQLHTTPAnswer, GraphQLHTTPRequest, HTTPRefusal


class Operations:
    """`subscribe` of an endpoint: "count" gives 0, 1, ... `n`; "wait" gives 0 and waits; "flood" never ends.

    `asked` keeps the requests, `open` how many run, `ended` how many have.
    """

    def __init__(self) -> None:
        self.asked: list[GraphQLHTTPRequest] = []
        self.open = 0
        self.ended = 0

    async def subscribe(self, asked: GraphQLHTTPRequest) -> AsyncGenerator[GraphQLHTTPAnswer, None]:
        await self.welcome(dict(asked.headers))
        if asked.query == "expired":
            raise HTTPRefusal(401, "UNAUTHENTICATED", "The token has expired")
        self.asked.append(asked)
        return self._run(asked)

    async def welcome(self, headers: Any) -> None:
        if headers.get("authorization") == "Bearer bad":
            raise HTTPRefusal(401, "UNAUTHENTICATED", "The token is not ours: " + "词" * 60)

    async def idle(self) -> None:
        """Wait until nothing runs."""
        async with asyncio.timeout(5):
            while self.open:
                await asyncio.sleep(0.001)

    async def running(self, count: int) -> None:
        async with asyncio.timeout(5):
            while self.open != count:
                await asyncio.sleep(0.001)

    async def _run(self, asked: GraphQLHTTPRequest) -> AsyncGenerator[GraphQLHTTPAnswer, None]:
        self.open += 1
        try:
            async for answer in self._answers(asked):
                yield answer
        finally:
            self.open -= 1
            self.ended += 1

    async def _answers(self, asked: GraphQLHTTPRequest) -> AsyncGenerator[GraphQLHTTPAnswer, None]:
        match asked.query:
            case "count":
                for number in range(asked.variables.get("n", 1)):
                    yield GraphQLHTTPAnswer({"data": {"count": number}})
            case "wait":
                yield GraphQLHTTPAnswer({"data": {"count": 0}})
                await asyncio.Event().wait()
            case "flood":
                while True:
                    yield GraphQLHTTPAnswer({"data": {"text": "x" * 100_000}})
            case "bytes":
                yield GraphQLHTTPAnswer(b'{"data":\n{"count":1}}')
            case "refused":
                yield refused(asked.variables.get("after", 0))
            case "ends":
                yield GraphQLHTTPAnswer({"data": {"count": 0}})
                yield refused(1)
            case "broken":
                raise RuntimeError("password in a message")
            case _:
                yield GraphQLHTTPAnswer({"data": {"headers": dict(asked.headers), "read_only": asked.read_only}})


def refused(number: int) -> GraphQLHTTPAnswer:
    error = {"message": f"no {number}", "extensions": {"code": "REFUSED"}}
    return GraphQLHTTPAnswer({"errors": [error]}, 400)
