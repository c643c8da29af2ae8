"""What subgraphs say in their errors reaches clients, except what was never meant for them."""

from __future__ import annotations

import logging

import pytest
from graphql import parse

from federation.errors import SubgraphRefusal, told_code, told_message
from federation.execution import execute
from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse
from federation.planning import plan as plan_of
from tests.federation.testkit import supergraph_of

TOLD = [
    "Out of stock",
    "Only 3 left: choose fewer.",
    "Cannot return null for non-nullable field UserError.message.",
    'Cannot query field "x" on type "PaymentError".',
    "The shop opens at 12:30, see shop.opening/hours",
    "Coupon 2026.11 is over (see terms 3.4.1)",
    "Error: the cart is empty",
    "商品已售罄",
    "Version 1.2 of Product.id:12 is gone",
]
LEAKS = [
    "connect ECONNREFUSED 127.0.0.1:4001",
    "request to http://products.internal:4001/graphql failed",
    "redis://cache/0 does not answer",
    "getaddrinfo ENOTFOUND products.default.svc:4001",
    "localhost:4001 refused",
    "KeyError: 'id'",
    "NullPointerException",
    "java.lang.IllegalStateException: no session",
    "asyncio.exceptions.CancelledError()",
    "psycopg.errors.UniqueViolation: duplicate key",
    "Traceback (most recent call last):\n  ...",
    'File "/srv/app/resolvers.py", line 12, in price',
    "boom\n    at Object.resolve (/app/dist/index.js:10:3)",
    "panic: nil map\ngoroutine 1 [running]:",
    "failed at main.go:17",
    "x" * 2_001,
]


@pytest.mark.parametrize("message", TOLD)
def test_what_a_subgraph_has_to_say_is_passed_on(message: str) -> None:
    assert told_message({"message": message}, "shops") == message


@pytest.mark.parametrize("message", LEAKS)
def test_addresses_classes_and_stacks_stay_inside(message: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert told_message({"message": message}, "shops") == "Subgraph shops reported an error"
    assert caplog.messages == ["a message of subgraph shops was not meant for clients"]


@pytest.mark.parametrize("message", [None, 7, {"a": 1}])
def test_a_message_that_is_no_text_is_not_shown(message: object) -> None:
    assert told_message({"message": message}, "shops") == "Subgraph shops reported an error"


@pytest.mark.parametrize(
    ("extensions", "code"),
    [
        ({"code": "OUT_OF_STOCK"}, "OUT_OF_STOCK"),
        ({"code": "notFound"}, "notFound"),
        ({"code": "java.lang.Error"}, "SUBGRAPH_ERROR"),
        ({"code": "ValueError"}, "SUBGRAPH_ERROR"),
        ({"code": "http://x"}, "SUBGRAPH_ERROR"),
        ({"code": ""}, "SUBGRAPH_ERROR"),
        ({"code": 7}, "SUBGRAPH_ERROR"),
        ({}, "SUBGRAPH_ERROR"),
        (None, "SUBGRAPH_ERROR"),
        ("x", "SUBGRAPH_ERROR"),
    ],
)
def test_codes_are_words(extensions: object, code: str) -> None:
    assert told_code({"extensions": extensions}) == code


def test_the_errors_of_a_refused_subscription_are_told_alike() -> None:
    refusal = SubgraphRefusal("shops", [{"message": "KeyError", "extensions": {"code": "FULL"}}, {"message": "No"}])
    assert refusal.entries() == [
        {"message": "Subgraph shops reported an error", "extensions": {"code": "FULL", "service": "shops"}},
        {"message": "No", "extensions": {"code": "SUBGRAPH_ERROR", "service": "shops"}},
    ]


class Talkative:
    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        stack = {"code": "INTERNAL_SERVER_ERROR", "stacktrace": ["at /app/index.js:1"], "exception": "KeyError"}
        error = {"message": "Unhandled KeyError", "path": ["x"], "locations": [{"line": 1, "column": 2}]}
        return SubgraphResponse({"x": None}, [{**error, "extensions": stack}])


async def test_a_client_sees_message_path_code_and_service_only() -> None:
    supergraph = supergraph_of({"a": "type Query { x: Int }"})
    result = await execute(plan_of(parse("{ x }"), supergraph), {}, {"a": Talkative()}, RequestContext())
    assert result.errors == [
        {
            "message": "Subgraph a reported an error",
            "path": ["x"],
            "extensions": {"code": "INTERNAL_SERVER_ERROR", "service": "a"},
        }
    ]
