"""Keys by way of the members subgraph: wrapped, for our own services alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from federation.supergraph import Supergraph
from kit.errors import Unavailable
from kit.hidden import Hidden
from kit.keychain import PLATFORM, Keychain, KeyOf
from kit.master_keys import LocalMasterKeys
from kit.sealing import Spot
from kit.settings import DEMO_MASTER_KEYS, Settings
from kit.viewer import GUEST, Viewer
from resolvers.context import Context
from subgraphs.mall import SCHEMA
from subgraphs.members import subgraph as members
from subgraphs.ports import GraphKeys, asked_in_process
from tests.factories import keys
from tests.support.asking import refused_by
from tests.support.statements import counted_statements

PORT = GraphKeys(asked_in_process(members))
SPOT = Spot("mbr_a", "staff", "name_sealed", "stf_a")


async def test_many_persons_keys_are_one_call_and_open_with_ones_own_master_keys(database: Settings) -> None:
    sealed = await keys.sealed("林叶", SPOT, "shp_a")
    await keys.person("mbr_b")
    chain = Keychain(PORT, LocalMasterKeys(DEMO_MASTER_KEYS))
    with counted_statements() as statements:
        found = await chain.of([KeyOf("mbr_a", "shp_a"), KeyOf("mbr_b"), KeyOf("mbr_none")])
    assert statements.by_domain == {"members": 1}
    assert found[0] is not None
    assert found[0].open(sealed, SPOT) == Hidden("林叶")
    assert [key is not None for key in found] == [True, True, False]
    with counted_statements() as statements:
        await chain.of([KeyOf("mbr_a", "shp_a"), KeyOf("mbr_b")])
    assert len(statements) == 0
    platform = await chain.keeper(PLATFORM)
    assert platform is not None
    assert platform.version == 1


async def silent(query: str, variables: Mapping[str, Any], viewer: Viewer) -> None:
    """Asks somebody who does not answer."""


async def test_members_who_do_not_answer_are_unavailable() -> None:
    with pytest.raises(Unavailable) as refused:
        await GraphKeys(silent).wrapped(["mbr_a"])
    assert refused.value.code == "keys.silent"


KEYS = (
    'query ($persons: [String!]!) { dataKeys(personIds: $persons) { wrapped } keeperKeys(keeper: "platform") { id } }'
)


@pytest.mark.parametrize(
    "viewer",
    [
        GUEST,
        Viewer.member("mbr_a"),
        Viewer.shop_staff("mbr_a", "shp_a", "OWNER"),
        Viewer.platform_staff("mbr_a", "SECURITY"),
        Viewer.partner("supplier"),
        Viewer.service("authors"),
    ],
)
async def test_nobody_else_gets_keys(database: Settings, viewer: Viewer) -> None:
    await keys.person("mbr_a")
    with counted_statements() as statements:
        data, told = await refused_by(members, KEYS, {"persons": ["mbr_a"]}, Context(viewer))
    assert data == {"dataKeys": None, "keeperKeys": None}
    assert told == [("FORBIDDEN", "field.closed", "dataKeys"), ("FORBIDDEN", "field.closed", "keeperKeys")]
    assert len(statements) == 0


def test_clients_of_the_gateway_do_not_know_that_there_are_keys() -> None:
    public = Supergraph.parse((SCHEMA / "supergraph.graphql").read_text("utf-8")).api_schema
    assert {"dataKeys", "keeperKeys"} & set(public.query_type.fields) == set()
    assert {"DataKey", "KeeperKey"} & set(public.type_map) == set()
