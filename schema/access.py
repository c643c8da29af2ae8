"""How a field is declared: whom it is shown to, what it says, and what answers it. What says nothing is closed."""

import dataclasses
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, get_args, get_type_hints

import strawberry
from strawberry import federation
from strawberry.extensions import FieldExtension
from strawberry.types import Info
from strawberry.utils.str_converters import to_camel_case

from kit.viewer import Viewer
from models.acts import Act
from resolvers.context import Batch, BatchFunction, Context
from schema.rules import (
    ANYONE,
    CASHIERS,
    LEADERS,
    MEMBER,
    ORDER_STAFF,
    OWNER_OF_IT,
    PERSON,
    PLATFORM,
    PROMOTERS,
    SELF,
    SELLER,
    SIGNED_IN,
    STOCKKEEPERS,
    Rule,
    platform,
    seller,
    service,
)

__all__ = [
    "ANYONE",
    "AUDITS",
    "BATCH",
    "CASHIERS",
    "JUDGED",
    "LEADERS",
    "MEMBER",
    "ORDER_STAFF",
    "OWNER_OF_IT",
    "PERSON",
    "PLATFORM",
    "PROMOTERS",
    "RULE",
    "SELF",
    "SELLER",
    "SIEVE",
    "SIGNED_IN",
    "STOCKKEEPERS",
    "Rule",
    "judged",
    "platform",
    "seller",
    "service",
    "shown",
]

RULE = "jishi-rule"
BATCH = "jishi-batch"
AUDITS = "jishi-audits"
SIEVE = "jishi-sieve"
JUDGED = "__jishi_judged__"
"""Where the type of a generated input (`schema.filtering`) keeps how its values are judged and what they become."""


class _Guard(FieldExtension):
    """Asks the rule before the field is resolved: a refused field is null, with an error that says so."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def _check(self, source: Any, info: Info[Context, Any]) -> None:
        (refusal,) = self._rule.refusals(info.context.viewer, [source], info.field_name)
        if refusal:
            raise refusal

    def resolve(self, next_: Callable[..., Any], source: Any, info: Info[Context, Any], **arguments: Any) -> Any:
        self._check(source, info)
        return next_(source, info, **arguments)

    async def resolve_async(
        self, next_: Callable[..., Any], source: Any, info: Info[Context, Any], **arguments: Any
    ) -> Any:
        self._check(source, info)
        return await next_(source, info, **arguments)


def shown(
    *,
    to: Rule,
    says: str,
    by: BatchFunction | None = None,
    resolver: Callable[..., Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
    audits: Act | None = None,
    sieve: Any = None,
    **federated: Any,
) -> Any:
    """Declare a field: `to` whom it is open, of those who may have the row, and what it `says` to a front-end person.

    `by` names the batch function that answers it; its `args` dataclass becomes the field's arguments, whose GraphQL
    types `inputs` may replace by name. `resolver` names a plain function instead (mutations). Without either, it is the
    row's attribute. `audits` names the sensitive act that a mutation is: success leaves one record (`services.audit`).
    `sieve` (`schema.filtering`) lets lists be narrowed or sorted by it. `federated` passes `requires`, `provides`,
    `external`, `shareable`, `override`, `name`.
    """
    batch = Batch.of(by) if by else None
    answer = _cell_resolver(batch, inputs or {}) if batch else resolver
    return federation.field(
        resolver=answer,  # type: ignore[arg-type]
        description=to.told(says),
        extensions=[] if to.is_open else [_Guard(to)],
        metadata={
            RULE: to,
            BATCH: batch,
            AUDITS: audits,
            SIEVE: sieve,
            JUDGED: any(map(is_judged, (inputs or {}).values())),
        },
        **to.federated(),
        **federated,
    )


def is_judged(input_type: Any) -> bool:
    """Whether values of an argument's type are judged, for each viewer anew."""
    return any(hasattr(type_, JUDGED) for type_ in (input_type, *get_args(input_type)))


def judged(arguments: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
    """The arguments, generated inputs among them as what they ask for. Raises Forbidden, Invalid."""
    return {name: _judged(name, value, viewer) for name, value in arguments.items()}


def _judged(name: str, value: Any, viewer: Viewer) -> Any:
    judge = getattr(type(value), JUDGED, None)
    return value if judge is None else judge(value, viewer, to_camel_case(name))


def _cell_resolver(batch: Batch, inputs: Mapping[str, Any]) -> Callable[..., Any]:
    """A resolver for strawberry that answers from the batch function, with its arguments as parameters."""

    async def resolve(root: Any, info: Info[Context, Any], **arguments: Any) -> Any:
        def args() -> Any:
            return batch.args_type(**judged(arguments, info.context.viewer)) if batch.args_type else None

        return await info.context.cell(batch, root, id(info._raw_info.field_nodes[0]), args)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, kind, annotation=type_) for name, type_ in (("root", Any), ("info", Info))]
    parameters += _arguments(batch.args_type, inputs)
    resolve.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    resolve.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return resolve


_ARGUMENT_SAYS = {
    "first": "How many, from 1 to 50.",
    "after": "The endCursor of the page before; nothing for the first page.",
    "id": "Its id.",
}


def _arguments(args_type: type | None, inputs: Mapping[str, Any]) -> Sequence[inspect.Parameter]:
    if args_type is None:
        return ()
    hints = get_type_hints(args_type)
    parameters = []
    for item in dataclasses.fields(args_type):
        type_ = inputs.get(item.name, hints[item.name])
        if item.name in _ARGUMENT_SAYS:
            type_ = Annotated[type_, strawberry.argument(description=_ARGUMENT_SAYS[item.name])]
        default = inspect.Parameter.empty if item.default is dataclasses.MISSING else item.default
        parameters.append(
            inspect.Parameter(item.name, inspect.Parameter.KEYWORD_ONLY, annotation=type_, default=default)
        )
    return parameters
