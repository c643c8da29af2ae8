"""`@cacheControl`, by which a router or a cache before it knows how long answers may be kept for others.

As Apollo defines it: https://www.apollographql.com/docs/apollo-server/performance/caching
"""

from enum import Enum

import strawberry
from strawberry import UNSET, federation
from strawberry.schema_directive import Location


@strawberry.enum(description="For whom an answer may be kept.")
class CacheControlScope(Enum):
    PUBLIC = strawberry.enum_value("PUBLIC", description="For everybody.")
    PRIVATE = strawberry.enum_value("PRIVATE", description="For whom it was given to.")


@federation.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT, Location.INTERFACE, Location.UNION], name="cacheControl"
)
class CacheControl:
    """`maxAge` in seconds; who says no `scope` says PUBLIC."""

    max_age: int | None = strawberry.directive_field(name="maxAge", default=UNSET)
    scope: CacheControlScope | None = UNSET
    inherit_max_age: bool | None = strawberry.directive_field(name="inheritMaxAge", default=UNSET)
