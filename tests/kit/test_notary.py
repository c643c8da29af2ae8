"""Only who has the key can sign, and only whom one trusts is believed."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit.jws import SigningKey
from kit.notary import Notaries, Notary, public_pem

OURS = Notary(Ed25519PrivateKey.from_private_bytes(b"n" * 32))
OTHER = Notary(Ed25519PrivateKey.from_private_bytes(b"o" * 32))


def test_a_signature_holds_for_its_text_and_its_key_only() -> None:
    trusted = Notaries([OURS.public, OTHER.public])
    signature = OURS.sign("text")
    assert trusted.trust("text", signature=signature, key_id=OURS.key_id)
    assert not trusted.trust("another", signature=signature, key_id=OURS.key_id)
    assert not trusted.trust("text", signature=signature, key_id=OTHER.key_id)
    assert not trusted.trust("text", signature="no base64", key_id=OURS.key_id)
    assert not Notaries([OTHER.public]).trust("text", signature=signature, key_id=OURS.key_id)


def test_keys_come_from_files(tmp_path: Path) -> None:
    SigningKey.fresh().write(tmp_path / "key.pem")
    notary = Notary.from_file(tmp_path / "key.pem")
    (tmp_path / "public.pem").write_bytes(public_pem(notary.public) + public_pem(OTHER.public))
    trusted = Notaries.from_file(tmp_path / "public.pem")
    for signer in (notary, OTHER):
        assert trusted.trust("text", signature=signer.sign("text"), key_id=signer.key_id)


def test_a_file_without_our_kind_of_key_is_refused(tmp_path: Path) -> None:
    foreign, path = generate_private_key(SECP256R1()), tmp_path / "foreign.pem"
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path.write_bytes(foreign.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    with pytest.raises(ValueError, match="holds no Ed25519 key"):
        Notary.from_file(path)
    public = foreign.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    for content in (b"", public, public_pem(OURS.public) + public):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="must hold public Ed25519 keys"):
            Notaries.from_file(path)
