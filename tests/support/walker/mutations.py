"""Mutations, each with an input that it may be called with."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.walker.operations import Operation, operation
from tests.support.walker.paths import Ways
from tests.support.walker.walking import argument

NOTE = '{title: "春茶", body: "好喝", image: "https://img.example/a.jpg", productIds: ["prd_b"]}'
ADDRESS = """{
  label: "家", city: "上海", district: "静安区", street: "南京西路", receiver: "林晓", phone: "13812345678",
  place: { latitude: 31.2, longitude: 121.4 }
}"""
INPUTS: Mapping[str, Mapping[str, str]] = {
    "activatePlatformStaff": {"input": '{login: "nobody", activationCode: "no code", password: "a password of mine"}'},
    "approveOversightCase": {"id": '"cas_b"'},
    "closeOversightCase": {"id": '"cas_b"'},
    "confirmSecondFactor": {"input": '{factorId: "fct_b", code: "000000"}'},
    "endAllSessions": {},
    "enrolSecondFactor": {"input": "{}"},
    "endSession": {"id": '"ses_b"'},
    "openOversightCase": {"input": '{shopId: "shp_b", reason: "complaints about fakes", fields: [LINES], hours: 2}'},
    "addAddress": {"input": ADDRESS},
    "changeAddress": {"input": '{addressId: "adr_b", label: "家"}'},
    "changeProfile": {"input": '{nickname: "新名"}'},
    "eraseMe": {"input": '{password: "not a password of anybody"}'},
    "exportMyData": {},
    "giveConsent": {"input": "{purpose: MARKETING, version: 1}"},
    "publishNote": {"input": NOTE},
    "recordViewing": {"input": '{productId: "prd_b"}'},
    "removeAddress": {"input": '{addressId: "adr_b"}'},
    "revealAddress": {"input": '{addressId: "adr_b", purpose: OWN_USE}'},
    "revealMember": {"input": '{memberId: "mbr_b", purpose: OWN_USE}'},
    "refreshSession": {"input": '{refreshToken: "not a token of anybody"}'},
    "signIn": {"input": '{phone: "13900000000", password: "not a password of anybody"}'},
    "signInToPlatform": {"input": '{login: "nobody", password: "not a password of anybody", code: "000000"}'},
    "signOut": {},
    "takeMyExport": {"input": '{exportId: "exp_b", password: "not a password of anybody"}'},
    "withdrawConsent": {"input": "{purpose: MARKETING}"},
    "takeCoupon": {"input": '{offerId: "cof_b"}', "idempotencyKey": '"key"'},
}
"""What each mutation is called with."""


def mutation(ways: Ways, name: str, given: Mapping[str, str]) -> Operation:
    """The mutation with its whole payload."""
    paths = [path for path in ways.everywhere(lambda step: True) if path[0].field == name]
    one = operation(
        ways,
        paths,
        lambda step, argued, declared: given.get(argued) if step.on == "Mutation" else argument(step, argued, declared),
        "",
    )
    return Operation(one.text.replace("query Walk", "mutation Walk", 1), one.branch, one.root)
