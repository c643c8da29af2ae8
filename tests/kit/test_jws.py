"""Signed texts: only what one of our keys signed, as we write it, and of the kind that is asked for."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from kit.jws import LONGEST, Forged, PublicKey, Signatures, SigningKey, decoded, encoded, thumbprint

KIND = "at+jwt"
# The key pair of RFC 8037, appendix A.
RFC_SECRET = decoded("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
RFC_PUBLIC = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
RFC_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_key_and_its_thumbprint_are_those_of_the_rfc() -> None:
    key = SigningKey.of_bytes("lin", RFC_SECRET)
    assert key.public == PublicKey("lin", RFC_PUBLIC)
    assert thumbprint(RFC_PUBLIC) == RFC_THUMBPRINT


def test_what_was_signed_is_read_with_the_id_of_its_key() -> None:
    one, two = SigningKey.fresh(), SigningKey.fresh("key-2")
    signatures = Signatures(KIND, [one.public, two.public])
    assert signatures.read(two.sign(b'{"sub":"lin"}', kind=KIND)) == ("key-2", b'{"sub":"lin"}')


def test_another_library_reads_what_we_sign() -> None:
    key = SigningKey.fresh("key-1")
    text = key.sign(b'{"sub":"lin"}', kind=KIND)
    assert jwt.decode(text, jwt.PyJWK(key.public.as_jwk()), algorithms=["EdDSA"]) == {"sub": "lin"}
    assert jwt.get_unverified_header(text) == {"alg": "EdDSA", "kid": "key-1", "typ": "at+jwt"}


def test_a_text_of_another_kind_or_key_is_forged() -> None:
    key = SigningKey.fresh("key-1")
    text = key.sign(b"{}", kind=KIND)
    for signatures in (Signatures("other+jwt", [key.public]), Signatures(KIND, [SigningKey.fresh("key-1").public])):
        with pytest.raises(Forged):
            signatures.read(text)


def test_nothing_longer_than_the_limit_is_read() -> None:
    key = SigningKey.fresh()
    signatures = Signatures(KIND, [key.public])
    room = LONGEST - len(key.sign(b"", kind=KIND))
    assert signatures.read(key.sign(b" " * (room // 4 * 3), kind=KIND))
    with pytest.raises(Forged):
        signatures.read(key.sign(b" " * room, kind=KIND))


@pytest.mark.parametrize("text", ["YQ==", "YQ=", "YR", "Y", "Y Q", "Y\nQ", "Y+", "Y/", "\u00e9A", "YQ\u0660"])
def test_base64_is_read_in_its_one_form_only(text: str) -> None:
    assert (encoded(b"a"), decoded("YQ")) == ("YQ", b"a")
    with pytest.raises(ValueError, match=r".*"):
        decoded(text)


def test_a_key_is_written_for_its_owner_alone_and_read_again(tmp_path: Path) -> None:
    path, key = tmp_path / "key.pem", SigningKey.fresh()
    key.write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.from_file(path).public == key.public
    assert key.private_bytes().hex() not in repr(key)
    assert SigningKey.of_bytes(key.kid, key.private_bytes()).public == key.public


def test_a_key_of_another_kind_signs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with pytest.raises(TypeError, match="Ed25519"):
        SigningKey.from_file(path)


def test_a_key_is_published_as_a_jwk() -> None:
    assert json.loads(json.dumps(PublicKey("key-1", RFC_PUBLIC).as_jwk())) == {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
        "kid": "key-1",
        "x": RFC_PUBLIC,
    }
