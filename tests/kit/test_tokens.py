"""Tokens: only what we signed, for as long as it lasts, says who is asking."""

from __future__ import annotations

import base64
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit import clock
from kit.errors import Forbidden
from kit.tokens import TokenRefused, Tokens, write_signing_key
from kit.viewer import GUEST, Bearer, Viewer
from tests.support.moments import HOUR, NOON

LIN = Bearer.of(
    Viewer.member("mbr_lin", "ses_lin"),
    Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER", "ses_lin"),
    Viewer.platform_staff("mbr_lin", "AUDITOR", "ses_lin"),
)
PARTNER = Bearer.of(Viewer.partner("ptn_erp"))
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(KEY)


@pytest.mark.parametrize("bearer", [LIN, PARTNER, Bearer.of(Viewer.supplier("spl_tea"))])
def test_a_token_says_who_it_was_signed_for(tokens: Tokens, bearer: Bearer) -> None:
    assert tokens.read(tokens.sign(bearer, lasting=HOUR)) == bearer


@pytest.mark.parametrize(("later", "reads"), [(timedelta(0), True), (HOUR - timedelta(seconds=1), True), (HOUR, False)])
def test_a_token_lasts_as_long_as_it_says_by_our_own_clock(tokens: Tokens, later: timedelta, reads: bool) -> None:
    token = tokens.sign(LIN, lasting=HOUR)
    with clock.at(NOON + later):
        if reads:
            assert tokens.read(token) == LIN
        else:
            assert refused(tokens, token) == "token.expired"


def test_a_token_from_the_future_is_refused_but_for_a_minute_of_clock_skew(tokens: Tokens) -> None:
    with clock.at(NOON + timedelta(seconds=60)):
        soon = tokens.sign(LIN, lasting=HOUR)
    with clock.at(NOON + timedelta(seconds=61)):
        too_soon = tokens.sign(LIN, lasting=HOUR)
    assert tokens.read(soon) == LIN
    assert refused(tokens, too_soon) == "token.expired"


def refused(tokens: Tokens, token: str) -> str:
    with pytest.raises(TokenRefused) as error:
        tokens.read(token)
    assert error.value.kind == "UNAUTHENTICATED"
    return error.value.code


CLAIMS: dict[str, Any] = {
    "iss": "jishi",
    "aud": "jishi-api",
    "iat": int(NOON.timestamp()),
    "exp": int((NOON + HOUR).timestamp()),
    "sub": "mbr_lin",
    "sid": "ses_lin",
    "hats": [["member", None, None]],
}


def signed(**changes: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not ...}
    return jwt.encode(claims, KEY, algorithm="EdDSA")


def test_the_claims_as_they_should_be_are_read(tokens: Tokens) -> None:
    assert tokens.read(signed()) == Bearer.of(Viewer.member("mbr_lin", "ses_lin"))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "another"},
        {"aud": "another"},
        {"iss": ...},
        {"aud": ...},
        {"exp": ...},
        {"iat": ...},
        {"sub": ...},
        {"hats": None},
        {"hats": 7},
        {"hats": ...},
        {"hats": [["king", None, None]]},
        {"exp": "tomorrow"},
    ],
)
def test_claims_that_are_missing_or_not_for_us_are_refused(tokens: Tokens, changes: dict[str, Any]) -> None:
    assert refused(tokens, signed(**changes)) == "token.invalid"


def unsigned() -> str:
    head, body = (
        base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode() for part in ({"alg": "none"}, CLAIMS)
    )
    return f"{head}.{body}."


def by_public_key_as_secret() -> str:
    public = KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return jwt.encode(CLAIMS, public, algorithm="HS256")


FORGED = {
    "empty": "",
    "no token": "abc",
    "no JSON": "a.b.c",
    "unsigned": unsigned(),
    "another key": jwt.encode(CLAIMS, Ed25519PrivateKey.generate(), algorithm="EdDSA"),
    "our public key as a secret": by_public_key_as_secret(),
    "another algorithm": jwt.encode(CLAIMS, generate_private_key(SECP256R1()), algorithm="ES256"),
    "not ASCII": "令牌",
}


@pytest.mark.parametrize("name", FORGED)
def test_what_we_did_not_sign_is_refused(tokens: Tokens, name: str) -> None:
    assert refused(tokens, FORGED[name]) == "token.invalid"


def test_a_token_with_a_changed_part_is_refused(tokens: Tokens) -> None:
    head, _, signature = tokens.sign(Bearer.of(Viewer.member("mbr_wu")), lasting=HOUR).split(".")
    body = tokens.sign(LIN, lasting=HOUR).split(".")[1]
    assert refused(tokens, f"{head}.{body}.{signature}") == "token.invalid"


def test_a_header_names_the_viewer_and_no_header_a_guest(tokens: Tokens) -> None:
    token = tokens.sign(LIN, lasting=HOUR)
    assert tokens.viewer_of(None) is GUEST
    assert tokens.viewer_of(f"Bearer {token}") == tokens.viewer_of(f"bearer  {token} ") == LIN.hats["member"]
    assert tokens.viewer_of(f"Bearer {token}", "shop:shp_tea") == LIN.hats["shop:shp_tea"]


@pytest.mark.parametrize("hat", ["shop:shp_other", "shop", "partner", "", "king", "MEMBER"])
def test_a_hat_that_is_not_theirs_is_forbidden(tokens: Tokens, hat: str) -> None:
    with pytest.raises(Forbidden) as error:
        tokens.viewer_of(f"Bearer {tokens.sign(LIN, lasting=HOUR)}", hat)
    assert (error.value.code, error.value.message) == ("hat.unknown", "Jishi-Hat must be a hat that your token has")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic bWJyOng=", "Token abc"])
def test_another_header_is_refused(tokens: Tokens, header: str) -> None:
    with pytest.raises(TokenRefused) as error:
        tokens.viewer_of(header)
    assert error.value.code == "token.invalid"


def test_a_signing_key_is_written_for_its_owner_alone_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    write_signing_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first, again = Tokens.from_file(path), Tokens.from_file(path)
    assert again.read(first.sign(LIN, lasting=HOUR)) == LIN


def test_a_key_of_another_kind_is_no_signing_key(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with pytest.raises(TypeError, match="Ed25519"):
        Tokens.from_file(path)
