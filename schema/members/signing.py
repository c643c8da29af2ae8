"""What whoever reads tokens must know: for processes of the mall only."""

from strawberry import federation

from resolvers.members import signing as answers
from schema.access import ANYONE, service, shown
from schema.trust import Recall


@federation.type(inaccessible=True, description="A key that signs access tokens (RFC 8037).")
class PublicKey:
    kid: str = shown(to=ANYONE, says="Its id.")
    x: str = shown(to=ANYONE, says="Its 32 bytes in base64url.")


@federation.type(inaccessible=True, description="What whoever reads access tokens must know.")
class Signing:
    keys: list[PublicKey] = shown(to=ANYONE, says="Every key whose tokens hold now.")
    recalls: list[Recall] = shown(to=ANYONE, says="Tokens that were called back, under every hat.")


@federation.type
class Query:
    signing: Signing | None = shown(
        to=service("trust"),
        by=answers.signing,
        inaccessible=True,
        says="All keys, and what was called back since a moment.",
    )
