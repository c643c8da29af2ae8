"""Privacy: what may be seen in full, consents, exports and erasure; and the port by which other subgraphs find keys."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import federation
from strawberry.types import Info

from models import states
from models.acts import Act
from resolvers.context import Context
from resolvers.members import privacy as answers
from schema import payload
from schema.access import ANYONE, MEMBER, OWNER_OF_IT, shown
from schema.entity import node, private
from schema.members.address import AddressUnknown
from schema.members.session import LockedOut, WrongCredentials
from schema.rules import service
from schema.scalars import ID, Connection, Place

RevealPurpose = strawberry.enum(
    states.RevealPurpose, description="What personal data is shown in full for (用途); every showing is on record."
)
ProcessingPurpose = strawberry.enum(
    states.ProcessingPurpose, description="What personal data is processed for (处理目的)."
)
LegalBasis = strawberry.enum(states.LegalBasis, description="Why the law allows a purpose (合法性基础, PIPL 13).")


@federation.type(description="What the mall processes personal data for, and why it may (个人信息处理规则).")
class Processing:
    purpose: ProcessingPurpose = shown(to=ANYONE, says="The purpose.")  # type: ignore[valid-type]
    version: int = shown(to=ANYONE, says="Of this text: consents are to a version.")
    says: str = shown(to=ANYONE, says="What it means.")
    data: str = shown(to=ANYONE, says="Which data it takes.")
    basis: LegalBasis = shown(to=ANYONE, says="Why it may.")  # type: ignore[valid-type]
    law: str = shown(to=ANYONE, says="The articles.")
    kept: str = shown(to=ANYONE, says="For how long.")
    needs_consent: bool = shown(to=ANYONE, says="Whether it is done for those only who agreed to it.")


@private(to=OWNER_OF_IT, says="A yes to a purpose (同意记录).")
class Consent:
    id: ID = shown(to=ANYONE, says="Its id.")
    purpose: ProcessingPurpose = shown(to=ANYONE, says="The purpose.")  # type: ignore[valid-type]
    version: int = shown(to=ANYONE, says="Of the purpose's text.")
    given_at: datetime = shown(to=ANYONE, says="Since when.")
    withdrawn_at: datetime | None = shown(to=ANYONE, says="Until when; null while it holds.")


@private(to=OWNER_OF_IT, says="A copy of all that is stored about a member (个人信息副本).")
class Export:
    id: ID = shown(to=ANYONE, says="Its id.")
    asked_at: datetime = shown(to=ANYONE, says="When it was asked for.")
    ready_at: datetime | None = shown(to=ANYONE, says="Since when it may be taken; null until then.")
    taken_at: datetime | None = shown(to=ANYONE, says="When it was taken: it is gone since then.")
    expires_at: datetime = shown(to=ANYONE, by=answers.expiries_of, says="Until when it may be taken.")


@federation.type(inaccessible=True, description="A key of a keeper, wrapped by a master key: for our own services.")
class KeeperKey:
    id: ID = shown(to=ANYONE, says="Its id.")
    keeper: str = shown(to=ANYONE, says="Whose it is.")
    version: int = shown(to=ANYONE, says="1 is the first.")
    since: datetime = shown(to=ANYONE, says="From when on it is written with.")
    master_id: str = shown(to=ANYONE, says="The master key that wraps it.")
    wrapped: str = shown(to=ANYONE, says="The key, wrapped.")


@federation.type(inaccessible=True, description="A person's data key, wrapped by its keeper's: for our own services.")
class DataKey:
    id: ID = shown(to=ANYONE, says="Its id.")
    person_id: ID = shown(to=ANYONE, says="Whose data it seals.")
    keeper: str = shown(to=ANYONE, says="Whose customer the person is.")
    wrapped: str = shown(to=ANYONE, says="The key, wrapped.")
    under: KeeperKey = shown(to=ANYONE, says="The key that wraps it.")


@federation.type
class Query:
    processing_purposes: list[Processing] | None = shown(
        to=ANYONE, by=answers.purposes, says="What personal data is processed for (个人信息处理规则)."
    )
    my_consents: Connection[Consent] | None = shown(
        to=MEMBER, by=answers.my_consents, says="What you agreed to, the latest first."
    )
    my_exports: Connection[Export] | None = shown(
        to=MEMBER, by=answers.my_exports, says="The copies of your data that you asked for, the latest first."
    )
    data_keys: list[DataKey] | None = shown(
        to=service("keys"), by=answers.wrapped_keys, inaccessible=True, says="Every data key of the persons, wrapped."
    )
    keeper_keys: list[KeeperKey] | None = shown(
        to=service("keys"), by=answers.keeper_keys, inaccessible=True, says="Every version of a keeper's key, wrapped."
    )


@node(row=answers.MemberUnknown, says="There is no such member, or the purpose does not let you see them in full.")
class MemberUnknown(payload.UserError):
    pass


@node(row=answers.ConsentRefused, says="The purpose needs no consent, or its text has changed since you read it.")
class ConsentRefused(payload.UserError):
    pass


@node(row=answers.ConsentUnknown, says="You have not agreed to this purpose.")
class ConsentUnknown(payload.UserError):
    pass


@node(row=answers.ExportTooSoon, says="You asked for a copy within the last day.")
class ExportTooSoon(payload.UserError):
    again_at: datetime | None = shown(to=ANYONE, says="When the next one may be asked for.")


@node(row=answers.ExportUnknown, says="There is no such copy: it was taken, has expired, or is not ready yet.")
class ExportUnknown(payload.UserError):
    pass


@node(row=answers.StillAtWork, says="You still work for a shop or for the platform.")
class StillAtWork(payload.UserError):
    pass


RevealAddressError = Annotated[
    AddressUnknown, federation.union("RevealAddressError", description="Why nothing was shown.")
]
RevealMemberError = Annotated[
    MemberUnknown, federation.union("RevealMemberError", description="Why nothing was shown.")
]
GiveConsentError = Annotated[
    ConsentRefused, federation.union("GiveConsentError", description="Why the consent was not taken.")
]
WithdrawConsentError = Annotated[
    ConsentUnknown, federation.union("WithdrawConsentError", description="Why nothing was withdrawn.")
]
ExportMyDataError = Annotated[ExportTooSoon, federation.union("ExportMyDataError", description="Why no copy is made.")]
TakeMyExportError = Annotated[
    ExportUnknown | WrongCredentials | LockedOut,
    federation.union("TakeMyExportError", description="Why the copy was not handed out."),
]
EraseMeError = Annotated[
    StillAtWork | WrongCredentials | LockedOut, federation.union("EraseMeError", description="Why you were not erased.")
]


@federation.input(description="Which address to show in full, and what for.")
class RevealAddressInput:
    address_id: ID = federation.field(description="The address's id.")
    purpose: RevealPurpose = federation.field(description="What for.")  # type: ignore[valid-type]


@federation.input(description="Whom to show in full, and what for.")
class RevealMemberInput:
    member_id: ID = federation.field(description="The member's id.")
    purpose: RevealPurpose = federation.field(description="What for.")  # type: ignore[valid-type]


@federation.input(description="What you agree to.")
class GiveConsentInput:
    purpose: ProcessingPurpose = federation.field(description="The purpose.")  # type: ignore[valid-type]
    version: int = federation.field(description="The version of the text that you read.")


@federation.input(description="What you do not agree to any more.")
class WithdrawConsentInput:
    purpose: ProcessingPurpose = federation.field(description="The purpose.")  # type: ignore[valid-type]


@federation.input(description="Which copy to hand out.")
class TakeMyExportInput:
    export_id: ID = federation.field(description="The copy's id.")
    password: str = federation.field(description="Your password, once more.")


@federation.input(description="That it is really you.")
class EraseMeInput:
    password: str = federation.field(description="Your password, once more.")


@federation.type(description="An address in full.")
class RevealedAddress:
    id: ID = shown(to=ANYONE, says="Its id.")
    street: str = shown(to=ANYONE, says="Street, number and door.")
    receiver: str = shown(to=ANYONE, says="Who takes delivery (收货人).")
    phone: str = shown(to=ANYONE, says="The receiver's telephone.")
    place: Place = shown(to=ANYONE, by=answers.places_of, says="Where it is on the map.")


@federation.type(description="A member's telephone in full.")
class RevealedMember:
    id: ID = shown(to=ANYONE, says="The member's id.")
    phone: str = shown(to=ANYONE, says="The telephone.")


@federation.type(description="A copy of all that is stored about you.")
class TakenExport:
    json: str = shown(to=ANYONE, says="The copy, as JSON: by domain, then by table.")


@federation.type(description="What a law keeps.")
class KeptByLaw:
    law: str = shown(to=ANYONE, says="The law and its article.")
    says: str = shown(to=ANYONE, says="What is kept, and for how long, under a number that names nobody.")


@federation.type(description="The end of an account.")
class Erased:
    at: datetime = shown(to=ANYONE, says="Since when nothing of you can be read any more.")
    kept: list[KeptByLaw] = shown(to=ANYONE, says="What the law keeps.")


@federation.type(description="The address in full, or why it is not shown.")
class RevealAddressPayload:
    result: RevealedAddress | None = shown(to=ANYONE, says="The address in full.")
    errors: list[RevealAddressError] = shown(to=ANYONE, says="Why it is not shown; empty where it is.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The member's telephone, or why it is not shown.")
class RevealMemberPayload:
    result: RevealedMember | None = shown(to=ANYONE, says="The member's telephone.")
    errors: list[RevealMemberError] = shown(to=ANYONE, says="Why it is not shown; empty where it is.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The consent, or why it was not taken.")
class GiveConsentPayload:
    result: Consent | None = shown(to=ANYONE, says="The consent.")
    errors: list[GiveConsentError] = shown(to=ANYONE, says="Why it was not taken; empty where it was.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The consent that ended, or why none did.")
class WithdrawConsentPayload:
    result: Consent | None = shown(to=ANYONE, says="The consent that ended.")
    errors: list[WithdrawConsentError] = shown(to=ANYONE, says="Why none did; empty where one did.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The copy that is being made, or why none is.")
class ExportMyDataPayload:
    result: Export | None = shown(to=ANYONE, says="The copy: ask `myExports` whether it is ready.")
    errors: list[ExportMyDataError] = shown(to=ANYONE, says="Why none is made; empty where one is.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The copy, or why it was not handed out.")
class TakeMyExportPayload:
    result: TakenExport | None = shown(to=ANYONE, says="The copy, which is gone from here now.")
    errors: list[TakeMyExportError] = shown(to=ANYONE, says="Why it was not handed out; empty where it was.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The end of your account, or why it goes on.")
class EraseMePayload:
    result: Erased | None = shown(to=ANYONE, says="The end of your account.")
    errors: list[EraseMeError] = shown(to=ANYONE, says="Why it goes on; empty where it ended.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


async def _reveal_address(info: Info[Context, Any], input: RevealAddressInput) -> Any:
    return await answers.reveal_address(info.context, input.address_id, input.purpose)


async def _reveal_member(info: Info[Context, Any], input: RevealMemberInput) -> Any:
    return await answers.reveal_member(info.context, input.member_id, input.purpose)


async def _give_consent(info: Info[Context, Any], input: GiveConsentInput) -> Any:
    return await answers.give_consent(info.context, input.purpose, input.version)


async def _withdraw_consent(info: Info[Context, Any], input: WithdrawConsentInput) -> Any:
    return await answers.withdraw_consent(info.context, input.purpose)


async def _export_my_data(info: Info[Context, Any]) -> Any:
    return await answers.export_my_data(info.context)


async def _take_my_export(info: Info[Context, Any], input: TakeMyExportInput) -> Any:
    return await answers.take_my_export(info.context, input.export_id, input.password)


async def _erase_me(info: Info[Context, Any], input: EraseMeInput) -> Any:
    return await answers.erase_me(info.context, input.password)


@federation.type
class Mutation:
    reveal_address: RevealAddressPayload | None = shown(
        to=MEMBER,
        resolver=_reveal_address,
        audits=Act.ADDRESS_REVEALED,
        says="See an address of yours in full; it is on record that you did.",
    )
    reveal_member: RevealMemberPayload | None = shown(
        to=MEMBER,
        resolver=_reveal_member,
        audits=Act.MEMBER_REVEALED,
        says="See your telephone in full; it is on record that you did.",
    )
    give_consent: GiveConsentPayload | None = shown(
        to=MEMBER,
        resolver=_give_consent,
        audits=Act.CONSENT_GIVEN,
        says="Agree to a purpose (同意), in the version that you read.",
    )
    withdraw_consent: WithdrawConsentPayload | None = shown(
        to=MEMBER,
        resolver=_withdraw_consent,
        audits=Act.CONSENT_WITHDRAWN,
        says="Do not agree to a purpose any more (撤回同意).",
    )
    export_my_data: ExportMyDataPayload | None = shown(
        to=MEMBER,
        resolver=_export_my_data,
        audits=Act.EXPORT_ASKED,
        says="Have a copy made of all that is stored about you (查阅复制).",
    )
    take_my_export: TakeMyExportPayload | None = shown(
        to=MEMBER, resolver=_take_my_export, audits=Act.EXPORT_TAKEN, says="Take the copy, once."
    )
    erase_me: EraseMePayload | None = shown(
        to=MEMBER,
        resolver=_erase_me,
        audits=Act.MEMBER_ERASED,
        says="Leave, and be erased (注销账号): nothing of you can be read any more, here or in backups.",
    )
