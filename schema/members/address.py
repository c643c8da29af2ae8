"""Writing down, changing and removing addresses."""

from typing import Annotated, Any

from strawberry import federation
from strawberry.types import Info

from kit.hidden import Hidden
from kit.payload import Payload
from resolvers.context import Context
from resolvers.members import address as answers
from schema import payload
from schema.access import ANYONE, MEMBER, shown
from schema.entity import node
from schema.members.account import Address
from schema.scalars import ID, Coordinate


@node(row=answers.AddressTextRefused, says="A text of the address is missing or too long.")
class AddressTextRefused(payload.UserError):
    pass


@node(row=answers.AddressPhoneRefused, says="The telephone is no mobile number.")
class AddressPhoneRefused(payload.UserError):
    pass


@node(row=answers.AddressPlaceRefused, says="The place is off the globe.")
class AddressPlaceRefused(payload.UserError):
    pass


@node(row=answers.AddressesFull, says="You have as many addresses as one may have.")
class AddressesFull(payload.UserError):
    pass


@node(row=answers.AddressUnknown, says="You have no such address.")
class AddressUnknown(payload.UserError):
    pass


AddAddressError = Annotated[
    AddressTextRefused | AddressPhoneRefused | AddressPlaceRefused | AddressesFull,
    federation.union("AddAddressError", description="Why the address was not written down."),
]
ChangeAddressError = Annotated[
    AddressTextRefused | AddressPhoneRefused | AddressPlaceRefused | AddressUnknown,
    federation.union("ChangeAddressError", description="Why the address was not changed."),
]
RemoveAddressError = Annotated[
    AddressUnknown, federation.union("RemoveAddressError", description="Why nothing was removed.")
]


@federation.input(description="A new address (收货地址).")
class AddAddressInput:
    label: str = federation.field(description="What you call it, such as 家: up to 10 characters.")
    city: str = federation.field(description="City (市): up to 20 characters.")
    district: str = federation.field(description="District (区): up to 20 characters.")
    street: str = federation.field(description="Street, number and door: up to 100 characters.")
    receiver: str = federation.field(description="Who takes delivery (收货人): up to 25 characters.")
    phone: str = federation.field(description="The receiver's mobile number: 11 digits.")
    place: Coordinate = federation.field(description="Where it is on the map.")
    is_default: bool = federation.field(
        default=False, description="Whether it is taken unless another is chosen; the first one is in any case."
    )


@federation.input(description="What changes of an address; what is left out stays.")
class ChangeAddressInput:
    address_id: ID = federation.field(description="The address's id.")
    label: str | None = federation.field(default=None, description="What you call it.")
    city: str | None = federation.field(default=None, description="City (市).")
    district: str | None = federation.field(default=None, description="District (区).")
    street: str | None = federation.field(default=None, description="Street, number and door.")
    receiver: str | None = federation.field(default=None, description="Who takes delivery (收货人).")
    phone: str | None = federation.field(default=None, description="The receiver's mobile number: 11 digits.")
    place: Coordinate | None = federation.field(default=None, description="Where it is on the map.")
    is_default: bool | None = federation.field(
        default=None, description="true: it is taken unless another is chosen. Else choose another one."
    )


@federation.input(description="Which address goes.")
class RemoveAddressInput:
    address_id: ID = federation.field(description="The address's id.")


@federation.type(description="The new address, or why there is none.")
class AddAddressPayload:
    result: Address | None = shown(to=ANYONE, says="The new address.")
    errors: list[AddAddressError] = shown(to=ANYONE, says="Why there is none; empty where there is one.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The address as it is now, or why it did not change.")
class ChangeAddressPayload:
    result: Address | None = shown(to=ANYONE, says="The address as it is now.")
    errors: list[ChangeAddressError] = shown(to=ANYONE, says="Why it did not change; empty where it did.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="An address that is gone.")
class RemovedAddress:
    id: ID = shown(to=ANYONE, says="The id that it had.")


@federation.type(description="What was removed, or why nothing was.")
class RemoveAddressPayload:
    result: RemovedAddress | None = shown(to=ANYONE, says="What was removed.")
    errors: list[RemoveAddressError] = shown(to=ANYONE, says="Why nothing was; empty where something was.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


def _hidden(text: str | None) -> Hidden | None:
    return None if text is None else Hidden(text)


def _draft(given: AddAddressInput | ChangeAddressInput) -> answers.Draft | None:
    """The address as it was written; None where its place is off the globe."""
    place = answers.place_of(given.place.latitude, given.place.longitude) if given.place else None
    if given.place and place is None:
        return None
    return answers.Draft(
        given.label,
        given.city,
        given.district,
        _hidden(given.street),
        _hidden(given.receiver),
        _hidden(given.phone),
        place,
        given.is_default,
    )


def _off_the_globe() -> Payload[Any]:
    return Payload(errors=(answers.AddressPlaceRefused(),))


async def _add(info: Info[Context, Any], input: AddAddressInput) -> Any:
    draft = _draft(input)
    return await answers.add_address(info.context, draft) if draft else _off_the_globe()


async def _change(info: Info[Context, Any], input: ChangeAddressInput) -> Any:
    draft = _draft(input)
    return await answers.change_address(info.context, input.address_id, draft) if draft else _off_the_globe()


async def _remove(info: Info[Context, Any], input: RemoveAddressInput) -> Any:
    return await answers.remove_address(info.context, input.address_id)


@federation.type
class Mutation:
    add_address: AddAddressPayload | None = shown(
        to=MEMBER, resolver=_add, says="Write an address down (新增收货地址)."
    )
    change_address: ChangeAddressPayload | None = shown(
        to=MEMBER, resolver=_change, says="Change an address of yours (修改收货地址)."
    )
    remove_address: RemoveAddressPayload | None = shown(
        to=MEMBER, resolver=_remove, says="Take an address of yours away (删除收货地址)."
    )
