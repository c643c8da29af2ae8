"""Access tokens: only what we signed, for as long as it lasts, says who is asking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import msgspec
import pytest

from kit import clock
from kit.jws import SigningKey
from kit.tokens import KIND, TokenReader, TokenRefused, token_in, write_token
from kit.viewer import Bearer, Viewer
from tests.support.moments import HOUR, NOON

LIN = (
    Viewer.member("mbr_lin", "ses_lin"),
    Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER", "ses_lin"),
    Viewer.platform_staff("mbr_lin", "AUDITOR", "ses_lin"),
)
KEY = SigningKey.of_bytes("key-1", bytes(range(32)))
READER = TokenReader([KEY.public], longest=HOUR)
CLAIMS: dict[str, Any] = {
    "aud": "jishi-api",
    "exp": (NOON + HOUR).timestamp(),
    "hats": [["member", None, None]],
    "iat": NOON.timestamp(),
    "iss": "jishi",
    "jti": "1",
    "sid": "ses_lin",
    "sub": "mbr_lin",
}

pytestmark = pytest.mark.usefixtures("noon")


def refused(token: str) -> str:
    with pytest.raises(TokenRefused) as error:
        READER.read(token)
    assert error.value.kind == "UNAUTHENTICATED"
    return error.value.code


def signed(**changes: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not ...}
    return KEY.sign(msgspec.json.encode(claims), kind=KIND)


@pytest.mark.parametrize("viewers", [LIN, (Viewer.partner("ptn_erp"),), (Viewer.supplier("spl_tea"),)])
def test_a_token_says_who_it_was_signed_for(viewers: tuple[Viewer, ...]) -> None:
    read = READER.read(write_token(KEY, viewers, lasting=HOUR))
    assert read.bearer == Bearer.of(*viewers)
    assert (read.issued_at, read.expires_at) == (NOON.timestamp(), (NOON + HOUR).timestamp())
    assert {viewer.issued_at for viewer in read.bearer.hats.values()} == {NOON.timestamp()}


def test_another_library_reads_it_by_the_published_key() -> None:
    token = write_token(KEY, LIN, lasting=HOUR)
    key = jwt.PyJWK(KEY.public.as_jwk())
    checked = {"verify_exp": False, "verify_iat": False}
    claims = jwt.decode(token, key, algorithms=["EdDSA"], audience="jishi-api", issuer="jishi", options=checked)
    assert (claims["sub"], claims["sid"], claims["exp"] - claims["iat"]) == ("mbr_lin", "ses_lin", 3600)
    assert claims["hats"] == [["member", None, None], ["shop", "shp_tea", "OWNER"], ["platform", None, "AUDITOR"]]


@pytest.mark.parametrize(("later", "reads"), [(timedelta(0), True), (HOUR - timedelta(seconds=1), True), (HOUR, False)])
def test_a_token_lasts_as_long_as_it_says_by_our_own_clock(later: timedelta, reads: bool) -> None:
    token = write_token(KEY, LIN, lasting=HOUR)
    with clock.at(NOON + later):
        if reads:
            assert READER.read(token).bearer == Bearer.of(*LIN)
        else:
            assert refused(token) == "token.expired"


def test_a_token_from_the_future_is_refused_but_for_seconds_of_clock_skew() -> None:
    with clock.at(NOON + timedelta(seconds=5)):
        soon = write_token(KEY, LIN, lasting=HOUR)
    with clock.at(NOON + timedelta(seconds=6)):
        too_soon = write_token(KEY, LIN, lasting=HOUR)
    assert READER.read(soon).bearer == Bearer.of(*LIN)
    assert refused(too_soon) == "token.expired"


def test_a_token_that_would_last_longer_than_any_does_is_refused() -> None:
    assert refused(write_token(KEY, LIN, lasting=HOUR + timedelta(seconds=1))) == "token.invalid"


def test_the_claims_as_they_should_be_are_read() -> None:
    assert READER.read(signed()).bearer == Bearer.of(Viewer.member("mbr_lin", "ses_lin"))


@pytest.mark.parametrize(
    "changes",
    [
        *({name: ...} for name in CLAIMS),
        {"iss": "another"},
        {"aud": "another"},
        {"aud": ["jishi-api"]},
        {"exp": "tomorrow"},
        {"exp": None},
        {"iat": int(NOON.timestamp())},
        {"hats": None},
        {"hats": 7},
        {"hats": []},
        {"hats": [["king", None, None]]},
        {"hats": [["service", None, "trust"]]},
        {"hats": [["guest", None, None]]},
        {"sub": 7},
        {"sub": None},
        {"admin": True},
    ],
    ids=str,
)
def test_claims_that_are_missing_or_not_for_us_are_refused(changes: dict[str, Any]) -> None:
    assert refused(signed(**changes)) == "token.invalid"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b'"sub":"mbr_lin"', b'"sub":"mbr_lin","sub":"mbr_wu"'),
        lambda text: text.replace(b'"sub":"mbr_lin"', b'"sub":"mbr_wu","sub":"mbr_lin"'),
        lambda text: text.replace(b'"sub":', b'"sub" :'),
        lambda text: text.replace(b"mbr_lin", b"mbr_l\\u0069n"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text + b"\n",
        lambda text: b"[" + text + b"]",
    ],
)
def test_claims_are_read_in_the_one_form_that_we_write(change: Any) -> None:
    payload = msgspec.json.encode(CLAIMS)
    assert change(payload) != payload
    assert refused(KEY.sign(change(payload), kind=KIND)) == "token.invalid"


def test_a_header_holds_one_token() -> None:
    assert token_in("Bearer a.b.c") == token_in("bearer a.b.c") == "a.b.c"
    for header in ("", "Bearer", "Bearer ", "Basic bWJyOng=", "Token abc"):
        with pytest.raises(TokenRefused) as error:
            token_in(header)
        assert error.value.code == "token.invalid"
