"""What graphql-core says of a mistake, without what the client sent: that may be anybody's name or telephone.

Kept are names of the schema and of variables, types, and places. A value is cut, and so is whatever a variable's
mistake says that is of no known form: a message of a custom scalar may quote anything.
"""

from __future__ import annotations

import re

_VALUE = re.compile(
    r"""
    \bcannot\ represent\b (?:\ (?P<type>an?\ [A-Z]\w*)(?=:))? .*    # a leaf, of whatever type says so
    | \bunknown\ field\ (?P<key>'[A-Za-z_]\w*')? .*                 # a key that is no name is a value too
    | \bValue\ .*\ does\ not\ exist\ in\ (?P<enum>'\w+')\ enum .*
    | ,\ but\ encountered\ error\ .*
    | [,;.]\ [Ff]ound:\ .*
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_TOKEN = re.compile(r"\b(Name|Int|Float|String|BlockString|Comment) ['\"].*|(?<=sequence): .*", re.DOTALL)
_OF_VARIABLE = re.compile(r"(Variable '\$\w+' has invalid (?:default )?value(?: at [.\w\[\]]+)?: )(.*)", re.DOTALL)
_KNOWN = re.compile(r"Expected |Within OneOf |The value |(Enum '\w+'|\w+) cannot represent ")


def without_values(message: str) -> str:
    """The message, with no value of the client's in it."""
    if message.startswith("Syntax Error"):
        return _TOKEN.sub(lambda found: found[1] or "", message)
    of_variable = _OF_VARIABLE.fullmatch(message)
    if of_variable is None:
        return _VALUE.sub(_cut, message, count=1)
    start, reason = of_variable.groups()
    reason = _VALUE.sub(_cut, reason, count=1)
    return start + (reason if _KNOWN.match(reason) else "it is not allowed")


def _cut(found: re.Match[str]) -> str:
    text = found[0]
    if text.startswith("cannot"):
        return f"cannot represent {found['type'] or 'this value'}"
    if text.startswith("unknown"):
        return f"unknown field {found['key'] or ''}".rstrip()
    return f"The value does not exist in {found['enum']} enum" if found["enum"] else ""
