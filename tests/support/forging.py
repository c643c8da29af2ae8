"""Forged texts: what a thief, a stranger or one of our own processes might present as a token or as a context."""

from __future__ import annotations

import hashlib
import hmac
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kit.jws import SigningKey, decoded, encoded

Sign = Callable[[bytes], bytes]
LONG_AGO = 3_600
"""Seconds: before anything was called back, however slow the machine."""
_ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group in which Ed25519 signs (RFC 8032, section 5.1)."""


def b64(value: Any) -> str:
    """As a part of a compact JWS: bytes as they are, anything else as JSON."""
    return encoded(value if isinstance(value, bytes) else orjson.dumps(value))


def compact(header: Any, payload: Any, sign: Sign) -> str:
    """A compact JWS of whatever is asked for."""
    signed = f"{b64(header)}.{b64(payload)}"
    return f"{signed}.{encoded(sign(signed.encode()))}"


def mac(secret: bytes, digest: str = "sha256") -> Sign:
    return lambda signed: hmac.new(secret, signed, digest).digest()


def nothing(_: bytes) -> bytes:
    return b""


def by_rsa(signed: bytes) -> bytes:
    return rsa.generate_private_key(65_537, 2_048).sign(signed, padding.PKCS1v15(), hashes.SHA256())


def by_curve(signed: bytes) -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).sign(signed, ec.ECDSA(hashes.SHA256()))


@dataclass(frozen=True, slots=True)
class Forger:
    """Who forges for `at`, the gateway or a subgraph, and has got hold of every key there is."""

    at: str
    ours: SigningKey
    """Signs access tokens."""
    retired: SigningKey
    processes: dict[str, SigningKey]
    rogue: SigningKey = field(default_factory=lambda: SigningKey.fresh("rogue"))

    @property
    def public(self) -> bytes:
        return decoded(self.ours.public.x)

    def header(self, **changes: Any) -> dict[str, Any]:
        """That of our own tokens, with changes; None takes a part out."""
        return _changed({"alg": "EdDSA", "kid": self.ours.kid, "typ": "at+jwt"}, changes)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Those of a token that holds, with changes."""
        now = time.time()
        own = {
            "aud": "jishi-api",
            "exp": now + 300.0,
            "hats": [["member", None, None], ["shop", "shp_a", "CLERK"]],
            "iat": now,
            "iss": "jishi",
            "jti": "jti",
            "sid": "ses_lin",
            "sub": "mbr_lin",
        }
        return _changed(own, changes)

    def token(self, payload: Any = None, header: Any = None, key: SigningKey | None = None) -> str:
        """A token signed by our own key, or by another under our name."""
        sign = (key or self.ours).secret.sign
        return compact(header or self.header(), self.claims() if payload is None else payload, sign)

    def swapped(self, **changes: Any) -> str:
        """A good token in which claims are others than those that were signed."""
        header, _, signature = self.token().split(".")
        return f"{header}.{b64(self.claims(**changes))}.{signature}"

    def resigned(self, change: Callable[[bytes], bytes]) -> str:
        """A good token with its signature changed."""
        signed, _, signature = self.token().rpartition(".")
        return f"{signed}.{encoded(change(decoded(signature)))}"

    def context(self, issuer: str = "gateway", *, key: str = "", typ: str = "jishi-context+jwt", **changes: Any) -> str:
        """A context for `at` by a process, with changes."""
        now = time.time()
        own = {
            "at": now,
            "aud": self.at,
            "exp": now + 30.0,
            "hat": "member",
            "iat": now,
            "iss": issuer,
            "role": None,
            "shop": None,
            "sid": "ses_lin",
            "sub": "mbr_lin",
        }
        signer = self.processes[key or issuer]
        header = {"alg": "EdDSA", "kid": signer.kid, "typ": typ}
        return compact(header, _changed(own, changes), signer.secret.sign)

    @property
    def neighbour(self) -> str:
        """Another subgraph."""
        return "shops" if self.at != "shops" else "orders"


def _changed(own: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**own, **changes}.items() if value is not ABSENT}


ABSENT = object()
"""In place of a value: the whole part is left out."""


def _twice(claims: dict[str, Any], name: str, value: Any) -> bytes:
    """JSON that says a claim a second time."""
    return orjson.dumps(claims)[:-1] + b"," + orjson.dumps({name: value})[1:]


def _malleable(signature: bytes) -> bytes:
    """The other signature that a lax reader takes: S plus the order of the group (RFC 8032, section 8.4)."""
    scalar = int.from_bytes(signature[32:], "little") + _ORDER
    return signature[:32] + scalar.to_bytes(32, "little")


def _loose_end(text: str) -> str:
    """The same bytes in base64url whose last character carries bits that do not count."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]


def _pem(forger: Forger) -> bytes:
    public = forger.ours.secret.public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _jwk(forger: Forger) -> dict[str, str]:
    return forger.rogue.public.as_jwk()


def _json_form(forger: Forger) -> str:
    header, payload, signature = forger.token().split(".")
    return orjson.dumps({"protected": header, "payload": payload, "signature": signature}).decode()


def _kid(kid: Any, sign: Sign | None = None, **header: Any) -> Callable[[Forger], str]:
    """A token whose header names another key."""
    return lambda f: compact(f.header(kid=kid, **header), f.claims(), sign or f.rogue.secret.sign)


def _alg(alg: str, sign: Callable[[Forger], Sign]) -> Callable[[Forger], str]:
    return lambda f: compact(f.header(alg=alg), f.claims(), sign(f))


def _header(**changes: Any) -> Callable[[Forger], str]:
    """A token whose other header was signed by our own key."""
    return lambda f: f.token(header=f.header(**changes))


def _claims(**changes: Any) -> Callable[[Forger], str]:
    """A token whose other claims were signed by our own key."""
    return lambda f: f.token(f.claims(**changes))


def _from_now(**seconds: float) -> Callable[[Forger], str]:
    return lambda f: f.token(f.claims(**{name: time.time() + later for name, later in seconds.items()}))


def _payload(make: Callable[[Forger], Any]) -> Callable[[Forger], str]:
    return lambda f: f.token(make(f))


ALGORITHMS: dict[str, Callable[[Forger], str]] = {
    "none": _alg("none", lambda f: nothing),
    "None": _alg("None", lambda f: nothing),
    "NONE": _alg("NONE", lambda f: nothing),
    "nOnE, signature kept": _alg("nOnE", lambda f: f.ours.secret.sign),
    "none without the last dot": lambda f: compact(f.header(alg="none"), f.claims(), nothing).rstrip("."),
    "no alg": _header(alg=ABSENT),
    "empty alg": _header(alg=""),
    "eddsa in small letters": _header(alg="eddsa"),
    "alg Ed25519 (RFC 9864)": _header(alg="Ed25519"),
    "alg said twice": lambda f: f.token(header=_twice(f.header(), "alg", "none")),
    "HS256 by the public key's text": _alg("HS256", lambda f: mac(f.ours.public.x.encode())),
    "HS256 by the public key's bytes": _alg("HS256", lambda f: mac(f.public)),
    "HS256 by the public key's PEM": _alg("HS256", lambda f: mac(_pem(f))),
    "HS256 by the published JWK": _alg("HS256", lambda f: mac(orjson.dumps(f.ours.public.as_jwk()))),
    "HS256 by nothing": _alg("HS256", lambda f: mac(b"")),
    "HS512 by the public key's bytes": _alg("HS512", lambda f: mac(f.public, "sha512")),
    "RS256": _alg("RS256", lambda f: by_rsa),
    "ES256": _alg("ES256", lambda f: by_curve),
    "ES256, all zero": _alg("ES256", lambda f: lambda _: bytes(64)),
}
KEYS: dict[str, Callable[[Forger], str]] = {
    "another key under our kid": lambda f: f.token(key=f.rogue),
    "another key under its own kid": lambda f: f.rogue.sign(orjson.dumps(f.claims()), kind="at+jwt"),
    "a retired key": lambda f: f.retired.sign(orjson.dumps(f.claims()), kind="at+jwt"),
    "the gateway's own key": lambda f: f.processes["gateway"].sign(orjson.dumps(f.claims()), kind="at+jwt"),
    "no kid": _kid(ABSENT),
    "empty kid": _kid(""),
    "null kid": _kid(None),
    "a list of kids": lambda f: compact(f.header(kid=[f.ours.kid, "rogue"]), f.claims(), f.rogue.secret.sign),
    "two kids": lambda f: compact(_twice(f.header(), "kid", "rogue"), f.claims(), f.rogue.secret.sign),
    "kid is a path": _kid("../../../../dev/null", mac(b""), alg="HS256"),
    "kid is SQL": _kid("x' UNION SELECT '' --", mac(b""), alg="HS256"),
    "kid is a URL": _kid("https://attacker.example/key.json"),
    "kid is a command": _kid("key.pem;id|"),
    "kid is a number": _kid(0),
    "kid with a NUL": lambda f: compact(f.header(kid=f.ours.kid + "\0"), f.claims(), f.rogue.secret.sign),
    "jku": lambda f: f.token(header=f.header(jku="https://attacker.example/jwks.json", kid="rogue"), key=f.rogue),
    "jku, signed by us": _header(jku="https://attacker.example/jwks.json"),
    "x5u": lambda f: f.token(header=f.header(x5u="https://attacker.example/x.pem"), key=f.rogue),
    "x5c": lambda f: f.token(header=f.header(x5c=["MIIB"]), key=f.rogue),
    "jwk": lambda f: f.token(header=f.header(jwk=_jwk(f)), key=f.rogue),
    "jwk, no kid": lambda f: f.token(header=f.header(jwk=_jwk(f), kid=ABSENT), key=f.rogue),
}
HEADERS: dict[str, Callable[[Forger], str]] = {
    "crit of what nobody knows": _header(crit=["exp-strict"]),
    "crit is empty": _header(crit=[]),
    "b64 false (RFC 7797)": _header(b64=False, crit=["b64"]),
    "zip": lambda f: f.token(zlib.compress(orjson.dumps(f.claims())), f.header(zip="DEF")),
    "typ JWT": _header(typ="JWT"),
    "typ of a context": _header(typ="jishi-context+jwt"),
    "typ in capitals": _header(typ="AT+JWT"),
    "typ with its whole name": _header(typ="application/at+jwt"),
    "no typ": _header(typ=ABSENT),
    "cty JWT": _header(cty="JWT"),
    "parts in another order": lambda f: f.token(header=dict(reversed(f.header().items()))),
    "spaces in the header": lambda f: f.token(header=orjson.dumps(f.header(), option=orjson.OPT_INDENT_2)),
    "header is a list": lambda f: f.token(header=[f.header()]),
}
TIMES: dict[str, Callable[[Forger], str]] = {
    "expired": _from_now(iat=-600, exp=-300),
    "expired a moment ago": _from_now(iat=-300, exp=-0.001),
    "signed in the future": _from_now(iat=60, exp=360),
    "nbf in the future": _from_now(nbf=600),
    "nbf in the past": _from_now(nbf=-600),
    "lasts longer than tokens may": _from_now(iat=0, exp=90_000),
    "no exp": _claims(exp=ABSENT),
    "exp is text": _claims(exp="9999999999"),
    "exp is null": _claims(exp=None),
    "exp beyond all numbers": lambda f: f.token(orjson.dumps(f.claims(exp=-1)).replace(b"-1", b"1e999")),
}
CLAIMS: dict[str, Callable[[Forger], str]] = {
    "another audience": _claims(aud="jishi-admin"),
    "a list of audiences": _claims(aud=["jishi-api"]),
    "no audience": _claims(aud=ABSENT),
    "another issuer": _claims(iss="https://attacker.example"),
    "issuer in capitals": _claims(iss="JISHI"),
    "no hats": _claims(hats=[]),
    "the hat of guests": _claims(hats=[["guest", None, None]]),
    "the hat of services": _claims(hats=[["service", None, "trust"]]),
    "a hat that there is not": _claims(hats=[["root", None, None]]),
    "one claim more": _claims(admin=True),
    "no subject": _claims(sub=ABSENT),
    "another shop": lambda f: f.swapped(hats=[["member", None, None], ["shop", "shp_b", "OWNER"]]),
    "another hat": lambda f: f.swapped(hats=[["platform", None, "SECURITY"]]),
    "another subject": lambda f: f.swapped(sub="mbr_wang"),
    "a later end": lambda f: f.swapped(exp=time.time() + 600),
    "subject said twice": _payload(lambda f: _twice(f.claims(), "sub", "mbr_wang")),
    "hats said twice": _payload(lambda f: _twice(f.claims(), "hats", [["platform", None, "SECURITY"]])),
    "end said twice": _payload(lambda f: _twice(f.claims(), "exp", time.time() + 10)),
    "claims in another order": _payload(lambda f: dict(reversed(f.claims().items()))),
    "spaces between claims": _payload(lambda f: orjson.dumps(f.claims(), option=orjson.OPT_INDENT_2)),
    "an escaped letter": _payload(lambda f: orjson.dumps(f.claims()).replace(b"mbr_lin", b"mbr_\\u006cin")),
    "a byte-order mark": _payload(lambda f: b"\xef\xbb\xbf" + orjson.dumps(f.claims())),
    "a list of claims": _payload(lambda f: [f.claims()]),
    "no payload": _payload(lambda f: b""),
    "payload of zeros": _payload(lambda f: bytes(100)),
    "token in a token": _payload(lambda f: f.token().encode()),
}
TEXTS: dict[str, Callable[[Forger], str]] = {
    "signature cut short": lambda f: f.resigned(lambda signature: signature[:-1]),
    "signature halved": lambda f: f.resigned(lambda signature: signature[:32]),
    "signature made longer": lambda f: f.resigned(lambda signature: signature + b"\0"),
    "signature of zeros": lambda f: f.resigned(lambda _: bytes(64)),
    "no signature": lambda f: f.resigned(lambda _: b""),
    "one bit of the signature": lambda f: f.resigned(lambda signature: bytes([signature[0] ^ 1]) + signature[1:]),
    "the signature's other form": lambda f: f.resigned(_malleable),
    "loose end of the signature": lambda f: _loose_end(f.token()),
    "padding after the signature": lambda f: f"{f.token()}==",
    "padding after the header": lambda f: f.token().replace(".", "=.", 1),
    "the other base64": lambda f: f"{f.token()[:-2]}+/",
    "a space within": lambda f: f.token().replace(".", ". ", 1),
    "a dot at the end": lambda f: f"{f.token()}.",
    "a dot at the start": lambda f: f".{f.token()}",
    "two parts": lambda f: f.token().rpartition(".")[0],
    "four parts": lambda f: f"{f.token()}.{encoded(b'more')}",
    "five parts, as if encrypted": lambda f: ".".join([b64({"alg": "dir", "enc": "A256GCM"}), "", "AA", "AA", "AA"]),
    "JSON form": _json_form,
    "two tokens": lambda f: f"{f.token()},{f.token()}",
    "a huge token": lambda f: f.token(f.claims(jti="x" * 20_000)),
    "huge and empty": lambda f: "." * 20_000,
    "null": lambda f: "null",
    "undefined": lambda f: "undefined",
    "nothing": lambda f: "",
    "letters of no alphabet": lambda f: f"{f.token()}\xff",
    "a hash of the key": lambda f: hashlib.sha256(f.public).hexdigest(),
}
RECALLED: dict[str, Callable[[Forger], str]] = {
    "of a session that was ended": lambda f: f.token(
        f.claims(sid="ses_gone", iat=time.time() - LONG_AGO, exp=time.time() + 600)
    ),
    "of a person whose sessions were all ended": lambda f: f.token(
        f.claims(sub="mbr_gone", iat=time.time() - LONG_AGO, exp=time.time() + 600)
    ),
}
CONTEXTS: dict[str, Callable[[Forger], str]] = {
    "a context, after its end": lambda f: f.context(iat=time.time() - 60, exp=time.time() - 30),
    "a context of the future": lambda f: f.context(iat=time.time() + 20, exp=time.time() + 50),
    "a context for longer than half a minute": lambda f: f.context(exp=time.time() + 60),
    "a context for another subgraph": lambda f: f.context(aud=f.neighbour),
    "a context for all": lambda f: f.context(aud="*"),
    "a context for two": lambda f: f.context(aud=[f.at, f.neighbour]),
    "a viewer of another subgraph's": lambda f: f.context("content" if f.at != "content" else "orders"),
    "another process in the gateway's name": lambda f: f.context(key="orders"),
    "the gateway in another's name": lambda f: f.context("orders", key="gateway"),
    "the gateway as a port of others": lambda f: f.context(hat="service", sub="authors", role="authors", sid=None),
    "a port under another's role": lambda f: f.context(hat="service", sub="trust", role="staff", sid=None),
    "products as a port of content's": lambda f: f.context("products", hat="service", sub="authors", role="authors"),
    "a context as an access token": lambda f: f.context(typ="at+jwt"),
    "a context with one claim more": lambda f: f.context(admin=True),
    "a context without an end": lambda f: f.context(exp=ABSENT),
    "a context by the key of tokens": lambda f: f.token(f.claims(), f.header(typ="jishi-context+jwt")),
    "a context of an ended session": lambda f: f.context(sid="ses_gone", at=time.time() - LONG_AGO),
    "a context with a hat that there is not": lambda f: f.context(hat="root"),
}
FORGERIES = {**ALGORITHMS, **KEYS, **HEADERS, **TIMES, **CLAIMS, **TEXTS, **RECALLED, **CONTEXTS}
