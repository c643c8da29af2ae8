"""Writes into the SDL what batch functions promise: which fields are the same for all, and how old they may be.

By the semantics of `@cacheControl` an answer may be kept as long as the least of its fields says; a root field or one
of objects that says nothing says 0, a leaf that says nothing says what its object does. So only those types say
something whose rows anybody comes to.
"""

from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_abstract_type, is_leaf_type, is_object_type
from strawberry.federation import Schema
from strawberry.types.field import StrawberryField

from federation.execution.compiled import Answer, Answers, BatchCall
from kit.records import MAX_AGE
from schema.caching import CacheControl


def print_promises(schema: Schema, answers: Answers) -> None:
    """Write `@cacheControl` on the fields of a schema's types. What several subgraphs have is written on once."""
    public = _public_types(schema, answers)
    for (type_name, name), answer in answers.fields.items():
        if type_name in public and not name.startswith("_"):
            field = _fields(schema, type_name)[name]
            declared: StrawberryField = field.extensions["strawberry-definition"]
            told = any(isinstance(one, CacheControl) for one in declared.directives)
            age = None if told else max_age(field, answer)
            if age is not None:
                declared.directives = [*declared.directives, CacheControl(max_age=age)]


def max_age(field: GraphQLField, answer: Answer) -> int | None:
    """Seconds for which a field's answers may be kept for everybody; None where it need not say."""
    if answer.shared == "everybody":
        return int(MAX_AGE) if isinstance(answer.how, BatchCall) else None
    return 0 if is_leaf_type(get_named_type(field.type)) else None


def _public_types(schema: Schema, answers: Answers) -> set[str]:
    """The types to whose rows fields lead, from the root or an entity on, that are the same for everybody."""
    entities = answers.fields["Query", "_entities"].entities
    ahead = ["Query", *(name for name, shared in entities.items() if shared == "everybody")]
    found: set[str] = set()
    while ahead:
        type_name = ahead.pop()
        if type_name not in found:
            found.add(type_name)
            for name, field in _fields(schema, type_name).items():
                if answers.fields[type_name, name].shared == "everybody":
                    ahead += _objects(schema, field)
    return found


def _objects(schema: Schema, field: GraphQLField) -> list[str]:
    """The types of the objects that a field may bring."""
    type_ = get_named_type(field.type)
    if is_abstract_type(type_):
        return [one.name for one in schema._schema.get_possible_types(type_)]
    return [type_.name] if is_object_type(type_) else []


def _fields(schema: Schema, type_name: str) -> dict[str, GraphQLField]:
    type_ = schema._schema.get_type(type_name)
    assert isinstance(type_, GraphQLObjectType)
    fields: dict[str, GraphQLField] = type_.fields
    return fields
