"""TOTP: the codes of RFC 6238, none of which works twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from kit.totp import code_of, new_secret, shown_secret, step_at, step_of, uri_of

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 22, 4, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, the last six digits."""
    assert code_of(SECRET, step_at(datetime.fromtimestamp(seconds, UTC))) == code


def test_a_code_holds_for_a_half_minute_more_each_way_and_never_twice() -> None:
    here = step_at(NOW)
    for off, is_taken in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        found = step_of(code_of(SECRET, here + off), SECRET, now=NOW, after=0)
        assert found == (here + off if is_taken else None)
    assert step_of(code_of(SECRET, here), SECRET, now=NOW, after=here) is None
    assert step_of(code_of(SECRET, here - 1), SECRET, now=NOW, after=here) is None
    assert step_of(code_of(SECRET, here + 1), SECRET, now=NOW + timedelta(seconds=30), after=here) == here + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "集市"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert step_of(code, SECRET, now=NOW, after=0) is None


def test_apps_can_read_what_they_are_told() -> None:
    uri = urlsplit(uri_of(SECRET, issuer="jishi", account="shen yue"))
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/jishi%3Ashen%20yue")
    assert parse_qs(uri.query) == {
        "secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"], "issuer": ["jishi"], "digits": ["6"], "period": ["30"],
    }  # fmt: skip
    assert len(new_secret()) == 20
    assert shown_secret(new_secret()) != shown_secret(new_secret())
