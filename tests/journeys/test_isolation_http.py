"""Who sees what, walked through the mall's own processes over HTTP: from the schema's text alone, as by strangers."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import product

import httpx
import pytest

from federation.supergraph import Supergraph
from kit.contexts import HEADER, ContextWriter
from kit.processes import own_key
from kit.settings import DOMAINS, Settings
from kit.viewer import GUEST
from models.base import open_database
from subgraphs.mall import SCHEMA, SUBGRAPHS
from tests.journeys.test_isolation import HIDDEN
from tests.journeys.test_isolation_keys import entities_of
from tests.support.databases import mysql_url
from tests.support.matrix import HATS
from tests.support.moments import NOON
from tests.support.servers import environment_of, services, subgraph_urls
from tests.support.tokens import token_of
from tests.support.walker.judging import NOTHING, Sights, differences, leaks, matrix
from tests.support.walker.keys import KEYS, by_key
from tests.support.walker.mutations import INPUTS, mutation
from tests.support.walker.paths import Ways
from tests.support.walker.serving import ASK_FREELY, Served, populated, served
from tests.support.walker.walking import (
    SILENT,
    behind,
    in_batches,
    operations,
    owned_by,
    published_cells,
    strange,
    told,
    variables_of,
    viewer_of,
    walked,
)
from tests.support.world import SIDES

pytestmark = pytest.mark.usefixtures("noon")

API = Supergraph.parse((SCHEMA / "supergraph.graphql").read_text("utf-8")).api_schema


async def test_every_hat_sees_through_the_gateway_what_the_matrix_says(empty_mall: Settings) -> None:
    """On MariaDB the subgraphs are five processes more, which the gateway asks over HTTP."""
    people = await populated(empty_mall)
    ways = Ways(API, "Query")
    walk = operations(ways)
    with ExitStack() as stack:
        urls = {}
        if mysql_url():
            environment = {**environment_of(empty_mall), "JISHI_CLOCK": NOON.isoformat()}
            urls = {name: one.url for name, one in stack.enter_context(services(environment)).items()}
        async with served(empty_mall, people, **subgraph_urls(urls)) as gateway:
            for hat in ASK_FREELY:
                sights = await walked(gateway, walk, hat, people.owners)
                assert differences(published_cells(ways, hat), sights, SILENT) == [], hat
                assert await closed_mutations(gateway, hat) == [], hat
            await partners_see_registered_documents_alone(gateway, [one.text for one in walk])


async def closed_mutations(gateway: Served, hat: str) -> list[str]:
    """Mutations that the matrix closes to the hat, and that did not answer so."""
    ways, found = Ways(API, "Mutation"), []
    for name, given in INPUTS.items():
        if matrix()[hat][f"Mutation.{name}"] == NOTHING:
            answer = await gateway.ask(mutation(ways, name, given).text, viewer_of(hat, "a"))
            codes = {error["extensions"]["code"] for error in answer["errors"]}
            if answer["data"] != {name: None} or not codes <= {"FORBIDDEN", "UNAUTHORIZED_FIELD_OR_TYPE"}:
                found.append(f"{name}: {answer}")
    return found


async def partners_see_registered_documents_alone(gateway: Served, texts: list[str]) -> None:
    """A partner's system asks what is registered, and nothing else."""
    viewer = viewer_of("partner", "a")
    for text in texts:
        answer = await gateway.post({"query": text}, viewer)
        assert answer.status_code == 403
        assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["PERSISTED_ONLY"]
    answer = await gateway.post({"documentId": "mini/Home"}, viewer)
    assert (answer.status_code, strange(answer.json())) == (200, [])


async def test_what_is_not_to_be_seen_costs_and_tells_no_more_than_what_is_not_there(empty_mall: Settings) -> None:
    people = await populated(empty_mall)
    async with served(empty_mall, people, CACHE_ENTRIES="0") as gateway:
        for root, (hidden, missing) in HIDDEN.items():
            one = behind(Ways(API, "Query"), root)
            for hat in ASK_FREELY:
                viewer = viewer_of(hat, "a")
                if hat == "guest":
                    await told(gateway, one, root, missing, viewer)  # plans and compiles
                foreign = await told(gateway, one, root, hidden, viewer)
                assert foreign == await told(gateway, one, root, missing, viewer), f"{hat}, {root}"
        assert "SELECT" in gateway.notes.read_text()


@pytest.mark.parametrize("name", DOMAINS)
async def test_a_subgraph_opens_nothing_to_who_shows_no_signed_context(empty_mall: Settings, name: str) -> None:
    subgraph = SUBGRAPHS[name]
    ways = Ways(subgraph.schema._schema, "Query", without={"Query._entities", "Query._service"})
    walk = in_batches(ways, ways.everywhere(lambda step: True))
    asked = [{"query": one.text, "variables": variables_of(one)[0]} for one in walk]
    for entity in entities_of(subgraph):
        keys = [{"__typename": entity, "id": KEYS[entity].format(side=side)} for side in SIDES]
        asked.append({"query": by_key(subgraph, entity).text, "variables": {"keys": keys}})
    environment = {**environment_of(empty_mall), "JISHI_CLOCK": NOON.isoformat()}
    async with open_database(empty_mall):
        token = await token_of(empty_mall, viewer_of("shop owner", "a"))
    of_another = ContextWriter("gateway", own_key(empty_mall.process_keys, "gateway")).write(GUEST, "elsewhere")
    shown: list[dict[str, str]] = [{}, {"authorization": f"Bearer {token}"}, {HEADER: of_another}]
    heard = set()
    with services(environment, [name]) as started:
        async with httpx.AsyncClient(timeout=60) as client:
            for body, headers in product(asked, shown):
                answer = await client.post(started[name].url, json=body, headers=headers)
                heard.add((answer.status_code, answer.text))
    [(status, text)] = heard
    assert (status, '"data"' in text, '"code":"UNAUTHENTICATED"' in text) == (401, False, True)


@pytest.mark.skipif(not mysql_url(), reason="five processes at once (make test-services)")
async def test_a_key_opens_to_a_signed_context_no_more_than_the_matrix_says(empty_mall: Settings) -> None:
    people = await populated(empty_mall)
    environment = {**environment_of(empty_mall), "JISHI_CLOCK": NOON.isoformat()}
    writer = ContextWriter("gateway", own_key(empty_mall.process_keys, "gateway"))
    hats = [hat for hat in HATS if not hat.startswith("service")]
    with services(environment) as started:
        async with httpx.AsyncClient(timeout=60) as client:
            for name, subgraph in SUBGRAPHS.items():
                for entity in entities_of(subgraph):
                    one = by_key(subgraph, entity)
                    for hat in hats:
                        viewer, sights = viewer_of(hat, "a"), Sights()
                        for side in SIDES:
                            keys = [{"__typename": entity, "id": KEYS[entity].format(side=side)}]
                            body = {"query": one.text, "variables": {"keys": keys}}
                            headers = {HEADER: writer.write(viewer, name)}
                            answer = (await client.post(started[name].url, json=body, headers=headers)).json()
                            assert strange(answer) == []
                            sights.add(one.seen(answer["data"]), owned_by(viewer, people.owners))
                        assert leaks(matrix()[hat], sights) == [], f"{hat}, {entity} of {name}"
