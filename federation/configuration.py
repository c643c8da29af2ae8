"""What the operator of a gateway decides, in a TOML file: `docs/federation.md` shows one with every key.

Top-level keys are those of `Options`, `[limits]` those of `Limits`, `[subgraphs]` those of `HttpLimits` for all
subgraphs, `[subgraphs.NAME]` the same for one of them, and `subscriptions`, the address where it is subscribed to.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

import msgspec

from federation.admission import Limits
from federation.engine import Options
from federation.errors import FederationError
from federation.execution.transport import HttpLimits, HttpTransport, Observe, Transport
from federation.supergraph import Supergraph

OPTIONS = ("deadline", "introspection", "suggestions", "labels", "plans", "subscriptions", "events")
Values = TypeVar("Values", Options, Limits, HttpLimits)


class ConfigurationError(FederationError):
    """A configuration that cannot be meant; the message says which key."""

    default_code = "INVALID_CONFIGURATION"


@dataclass(frozen=True, slots=True)
class Configuration:
    """How to serve: `everywhere` for each subgraph but those in `own`; `subscriptions` by name of subgraph."""

    options: Options = field(default_factory=Options)
    everywhere: HttpLimits = field(default_factory=HttpLimits)
    own: Mapping[str, HttpLimits] = field(default_factory=dict)
    subscriptions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Configuration:
        """The configuration of a file's text. Raises ConfigurationError."""
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigurationError(message=f"not TOML: {error}") from None
        subgraphs, limits = _table(table, "subgraphs"), _table(table, "limits")
        options = replace(_with(Options(), table, "the file", OPTIONS), limits=_with(Limits(), limits, "[limits]"))
        own = {name: dict(value) for name, value in subgraphs.items() if isinstance(value, dict)}
        shared = {name: value for name, value in subgraphs.items() if name not in own}
        everywhere = _with(HttpLimits(), shared, "[subgraphs]")
        addresses = {name: _address(values, name) for name, values in own.items() if "subscriptions" in values}
        ways = {name: _with(everywhere, values, f"[subgraphs.{name}]") for name, values in own.items()}
        return cls(options, everywhere, ways, addresses)

    def transports(self, supergraph: Supergraph, observe: Observe) -> dict[str, Transport]:
        """A transport for each subgraph, to the address that the supergraph names.

        Raises ConfigurationError where the configuration speaks of another subgraph.
        """
        names = {subgraph.name: subgraph.url for subgraph in supergraph.subgraphs.values()}
        if strangers := sorted({*self.own, *self.subscriptions} - names.keys()):
            raise ConfigurationError(message=f"the supergraph has no subgraph {', '.join(strangers)}")
        return {
            name: HttpTransport(
                name,
                url,
                self.own.get(name, self.everywhere),
                observe=observe,
                subscriptions=self.subscriptions.get(name),
            )
            for name, url in names.items()
        }


def _table(table: dict[str, Any], name: str) -> dict[str, Any]:
    """The table of this name, taken out of another."""
    found = table.pop(name, {})
    if not isinstance(found, dict):
        raise ConfigurationError(message=f"{name} is a table: [{name}]")
    return found


def _address(values: dict[str, Any], name: str) -> str:
    address = values.pop("subscriptions")
    if not isinstance(address, str):
        raise ConfigurationError(message=f"[subgraphs.{name}] subscriptions: an address is expected")
    return address


def _with(values: Values, given: Mapping[str, Any], where: str, allowed: Sequence[str] | None = None) -> Values:
    """The dataclass with what is given, each value of the type that it has."""
    allowed = allowed or [one.name for one in fields(values)]
    if unknown := sorted(given.keys() - set(allowed)):
        raise ConfigurationError(message=f"{where} has no {', '.join(unknown)}")
    changed = {name: _converted(value, getattr(values, name), where, name) for name, value in given.items()}
    return replace(values, **changed)


def _converted(value: Any, known: Any, where: str, name: str) -> Any:
    """The value with the type of a `known` one; numbers are positive."""
    kind = frozenset[str] if isinstance(known, frozenset) else type(known)
    try:
        converted = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise ConfigurationError(message=f"{where} {name}: {error}") from None
    if name == "forward":
        return frozenset(header.lower() for header in converted)
    if not isinstance(converted, bool | frozenset) and converted <= 0:
        raise ConfigurationError(message=f"{where} {name}: it must be over 0")
    return converted
