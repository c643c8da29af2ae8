"""A token may outlive its member by some seconds: nothing is written by it any more, in no table of members."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kit.errors import NotFound
from kit.ids import new_id
from kit.keychain import KeeperKey, Keychain, KeyOf
from kit.sealing import HashKey
from kit.viewer import Viewer
from models.base import unit_of_work
from models.members.privacy import PersonKey
from models.members.session import Session
from models.personal import Deleted, personal_tables, rows_about
from resolvers.context import Tools
from services.members import platform, session
from services.members.privacy.erasure import erase_member
from services.members.privacy.keys import data_key
from subgraphs.mall import SUBGRAPHS
from tests.factories import keys
from tests.factories import members as make
from tests.support import world
from tests.support.mall import embedded_mall
from tests.support.walker.mutations import INPUTS, mutation
from tests.support.walker.paths import Ways

pytestmark = pytest.mark.usefixtures("database", "noon")

GIVEN = {**INPUTS, "recordViewing": {"input": f'{{productId: "{new_id("prd")}"}}'}}
MEMBER = Viewer.member("mbr_a", "ses_a")


def of_members() -> Sequence[str]:
    owned = SUBGRAPHS["members"].schema._schema.mutation_type
    return [name for name in INPUTS if owned and name in owned.fields]


async def erased(member_id: str) -> None:
    async with unit_of_work("members"):
        await erase_member(member_id, viewer=None)


async def rows_of(person_id: str) -> dict[str, int]:
    """What stands about a person whom nothing should stand about."""
    found = {}
    for model, personal in personal_tables("members"):
        if isinstance(personal.fate, Deleted):
            found[model._meta.db_table] = len(await rows_about("members", model, personal, person_id))
    return {table: count for table, count in found.items() if count}


@pytest.mark.parametrize("name", of_members())
async def test_a_token_of_an_erased_member_writes_nothing(name: str) -> None:
    await world.build()
    keychain = keys.keychain()
    assert await keychain.of([KeyOf("mbr_a")]) != [None], "this process remembers the key"
    await erased("mbr_a")
    asked = embedded_mall(tools=Tools(keychain=keychain))
    given = {argument: text.replace('_b"', '_a"') for argument, text in GIVEN[name].items()}
    answer = await asked.ask(mutation(Ways(asked.engine.supergraph.api_schema, "Mutation"), name, given).text, MEMBER)
    data = answer["data"][name]
    assert data is None or (data["result"] is None and data["errors"])
    assert "INTERNAL" not in str(answer)
    assert await rows_of("mbr_a") == {}


async def test_who_is_erased_while_a_key_is_made_for_them_has_none() -> None:
    class Meanwhile(Keychain):
        async def keeper(self, keeper: str) -> KeeperKey | None:
            await erased("mbr_lin")
            return await super().keeper(keeper)

    await make.member(id="mbr_lin", phone_sealed="")
    await PersonKey.all().delete()
    own = keys.keychain()
    with pytest.raises(NotFound):
        await data_key(Meanwhile(own._keys, own.masters), KeyOf("mbr_lin"))
    assert await PersonKey.all().count() == 0


async def test_who_is_erased_while_signing_in_has_no_session() -> None:
    await make.member(id="mbr_lin")
    await make.credential("mbr_lin")
    async with unit_of_work("members"):
        attempt = await session.begin_own_attempt("mbr_lin", address="", hash_keys=await keys.keychain().hash_keys())
    assert isinstance(attempt, session.Attempt)
    await erased("mbr_lin")
    with pytest.raises(NotFound):
        async with unit_of_work("members"):
            await session.open_session(attempt, Viewer.member("mbr_lin"))
    assert await Session.all().count() == 0


async def test_who_has_ended_while_signing_in_has_no_session() -> None:
    await make.platform_staff(id="pst_shen")
    async with unit_of_work("members"):
        attempt = await platform.begin_attempt("shen", address="", hash_keys=[HashKey(1, b"k" * 32)])
    assert isinstance(attempt, session.Attempt)
    async with unit_of_work("members"):
        await platform.end("shen", by=Viewer.platform_staff("pst_gu", "SECURITY"))
    with pytest.raises(NotFound):
        async with unit_of_work("members"):
            await session.open_session(attempt, Viewer.platform_staff("pst_shen", "SECURITY"))
    assert await Session.all().count() == 0
