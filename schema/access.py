"""Who may read what: a rule on each field, printed into the SDL, enforced on the row. What says nothing is closed."""

import dataclasses
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, get_type_hints

import strawberry
from strawberry import federation
from strawberry.extensions import FieldExtension
from strawberry.types import Info

from kit.errors import Forbidden
from kit.viewer import Viewer
from resolvers.context import Batch, BatchFunction, Context

RULE = "jishi-rule"
BATCH = "jishi-batch"


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """Who may read a field: `scopes` could ever satisfy it, `allows` decides on the row. Rules join by `|`."""

    name: str
    scopes: tuple[str, ...]
    allows: Callable[[Viewer, Any], bool]

    def refusal(self, viewer: Viewer, row: Any, field_name: str) -> Exception | None:
        """Why `viewer` may not read the field of `row`; None where it may. A rule that fails lets nobody pass."""
        try:
            open_to = self.allows(viewer, row)
        except Exception as error:
            return error
        return None if open_to else Forbidden("field.closed", f"{field_name} is not open to you")

    def __or__(self, other: "Rule") -> "Rule":
        return Rule(
            f"{self.name} or {other.name}",
            self.scopes + other.scopes,
            lambda viewer, row: self.allows(viewer, row) or other.allows(viewer, row),
        )


ANYONE = Rule("ANYONE", (), lambda viewer, row: True)
MEMBER = Rule("MEMBER", ("member",), lambda viewer, row: viewer.member_id is not None)
OWNER_OF_IT = Rule(
    "OWNER_OF_IT", ("member",), lambda viewer, row: viewer.member_id is not None and viewer.member_id == row.member_id
)
"""The member whose row it is."""
SELLER = Rule("SELLER", ("shop",), lambda viewer, row: row.shop_id in viewer.shops)
"""Staff of the shop whose row it is."""
PLATFORM = Rule("PLATFORM", ("platform",), lambda viewer, row: viewer.platform_role is not None)


class _Guard(FieldExtension):
    """Asks the rule before the field is resolved: a refused field is null, with an error that says so."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def _check(self, source: Any, info: Info[Context, Any]) -> None:
        if refusal := self._rule.refusal(info.context.viewer, source, info.field_name):
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
    **federated: Any,
) -> Any:
    """Declare a field: `to` whom it is open and what it `says` to a front-end person.

    `by` names the batch function that answers it; its `args` dataclass becomes the field's arguments, whose GraphQL
    types `inputs` may replace by name. `resolver` names a plain function instead (mutations). Without either, it is the
    row's attribute. `federated` passes `requires`, `provides`, `external`, `shareable`, `override`, `name`.
    """
    batch = Batch.of(by) if by else None
    answer = _cell_resolver(batch, inputs or {}) if batch else resolver
    if to.scopes:
        federated["requires_scopes"] = [[scope] for scope in dict.fromkeys(to.scopes)]
    return federation.field(
        resolver=answer,  # type: ignore[arg-type]
        description=says,
        extensions=[_Guard(to)] if to.scopes else [],
        metadata={RULE: to, BATCH: batch},
        **federated,
    )


def _cell_resolver(batch: Batch, inputs: Mapping[str, Any]) -> Callable[..., Any]:
    """A resolver for strawberry that answers from the batch function, with its arguments as parameters."""

    async def resolve(root: Any, info: Info[Context, Any], **arguments: Any) -> Any:
        def args() -> Any:
            return batch.args_type(**arguments) if batch.args_type else None

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
