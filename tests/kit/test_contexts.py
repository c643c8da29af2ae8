"""Signed contexts: what the gateway says of a viewer is heard where it was said to, for half a minute."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kit import clock
from kit.contexts import KIND, ContextReader, ContextWriter
from kit.jws import SigningKey
from kit.processes import PROCESSES, make_process_keys, own_key, peers
from kit.tokens import TokenRefused
from kit.viewer import GUEST, Viewer
from tests.support.moments import NOON

GATEWAY, CONTENT, SHOPS, STRANGER = (SigningKey.fresh() for _ in range(4))
READER = ContextReader("orders", {"gateway": [GATEWAY.public], "content": [CONTENT.public], "shops": [SHOPS.public]})
LIN = Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER", "ses_lin")
SECONDS = timedelta(seconds=1)
CLAIMS: dict[str, Any] = {
    "at": 0.0,
    "aud": "orders",
    "exp": NOON.timestamp() + 30,
    "hat": "member",
    "iat": NOON.timestamp(),
    "iss": "gateway",
    "role": None,
    "shop": None,
    "sid": None,
    "sub": "mbr_lin",
}

pytestmark = pytest.mark.usefixtures("noon")


def refused(text: str, reader: ContextReader = READER) -> bool:
    with pytest.raises(TokenRefused) as error:
        reader.read(text)
    return error.value.code == "context.invalid"


def said(key: SigningKey = GATEWAY, **changes: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not ...}
    return key.sign(msgspec.json.encode(claims), kind=KIND)


@pytest.mark.parametrize("viewer", [GUEST, LIN, Viewer.member("mbr_lin"), Viewer.partner("ptn_erp")])
def test_the_viewer_of_the_gateway_is_the_viewer_of_the_subgraph(viewer: Viewer) -> None:
    assert READER.read(ContextWriter("gateway", GATEWAY).write(viewer, "orders")) == viewer


def test_calls_of_one_viewer_carry_the_same_text_and_of_others_another() -> None:
    writer = ContextWriter("gateway", GATEWAY)
    again = Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER", "ses_lin")
    assert writer.write(LIN, "orders") is writer.write(again, "orders")
    others = [writer.write(viewer, "orders") for viewer in (GUEST, Viewer.member("mbr_lin", "ses_lin"))]
    assert len({writer.write(LIN, "orders"), writer.write(LIN, "shops"), *others}) == 4


def test_a_context_holds_for_half_a_minute_even_where_it_is_remembered() -> None:
    text = ContextWriter("gateway", GATEWAY).write(LIN, "orders")
    with clock.at(NOON + 29 * SECONDS):
        assert READER.read(text) == LIN
    with clock.at(NOON + 30 * SECONDS):
        assert refused(text)
        assert refused(text, ContextReader("orders", {"gateway": [GATEWAY.public]}))
    with clock.at(NOON - 6 * SECONDS):
        assert refused(text, ContextReader("orders", {"gateway": [GATEWAY.public]}))


def test_a_context_is_for_one_subgraph() -> None:
    assert refused(ContextWriter("gateway", GATEWAY).write(LIN, "shops"))


@pytest.mark.parametrize(
    "text",
    [
        ContextWriter("gateway", STRANGER).write(LIN, "orders"),
        ContextWriter("gateway", CONTENT).write(LIN, "orders"),
        ContextWriter("content", GATEWAY).write(LIN, "orders"),
        ContextWriter("content", CONTENT).write(LIN, "orders"),
        ContextWriter("content", CONTENT).write(GUEST, "orders"),
        ContextWriter("content", CONTENT).write(Viewer.service("staff"), "orders"),
        ContextWriter("gateway", GATEWAY).write(Viewer.service("authors"), "orders"),
    ],
)
def test_nobody_says_what_is_not_theirs_to_say(text: str) -> None:
    assert refused(text)


def test_a_process_asks_through_its_own_ports() -> None:
    for issuer, key, port in (
        ("content", CONTENT, "authors"),
        ("content", CONTENT, "trust"),
        ("gateway", GATEWAY, "trust"),
        ("shops", SHOPS, "keys"),
    ):
        viewer = Viewer.service(port)
        assert READER.read(ContextWriter(issuer, key).write(viewer, "orders")) == viewer


def test_the_claims_as_they_should_be_are_read() -> None:
    assert READER.read(said()) == Viewer.member("mbr_lin")


@pytest.mark.parametrize(
    "changes",
    [
        *({name: ...} for name in CLAIMS),
        {"hat": "king"},
        {"aud": ["orders"]},
        {"exp": NOON.timestamp() + 31},
        {"iat": NOON.timestamp() + 6, "exp": NOON.timestamp() + 36},
        {"hat": "service", "sub": "trust", "role": "authors"},
        {"hat": "service", "sub": "authors", "role": "trust"},
        {"admin": True},
    ],
    ids=str,
)
def test_claims_that_are_missing_or_wrong_are_refused(changes: dict[str, Any]) -> None:
    assert refused(said(**changes))


def test_a_claim_said_twice_is_refused() -> None:
    payload = msgspec.json.encode(CLAIMS).replace(b'"sub":"mbr_lin"', b'"sub":"mbr_wu","sub":"mbr_lin"')
    assert refused(GATEWAY.sign(payload, kind=KIND))


def test_processes_know_each_other_by_the_keys_of_one_folder(tmp_path: Path) -> None:
    make_process_keys(tmp_path / "keys")
    known = peers(tmp_path / "keys")
    assert {name: [own_key(tmp_path / "keys", name).public] for name in PROCESSES} == known
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "keys").glob("*.pem")} == {0}
    for missing in (lambda: own_key(tmp_path, "gateway"), lambda: peers(tmp_path)):
        with pytest.raises(ValueError, match="make-process-keys"):
            missing()
