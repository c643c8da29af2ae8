"""Adding and ending who works for the platform: on a console, by a security administrator who signs in there."""

from __future__ import annotations

import sys
from argparse import Namespace
from getpass import getpass
from typing import Any

from kit.errors import Forbidden
from kit.hidden import Hidden
from kit.keychain import Keychain, KeyOf
from kit.settings import Settings
from kit.viewer import Viewer
from models.base import open_database, unit_of_work
from models.states import PlatformRole
from services.members import factor, platform
from services.members.platform import Newcomer
from services.members.privacy.keys import data_key, own_keychain
from services.members.session import LockedOut, forget_failures, member_behind

PLACE = "console"


async def add(settings: Settings, asked: Namespace) -> str:
    """Add a person; what to hand over to them. Raises Forbidden, Conflict."""
    keychain = own_keychain(settings.master_keys)
    async with open_database(settings, ["members"]):
        by = await _security(asked.by, keychain) if asked.by else None
        name, number = Hidden(_asked("name: ")), Hidden(_asked("number on the identity card: ", hidden=True))
        newcomer = Newcomer(platform.new_staff_id(), name, number, asked.login, PlatformRole(asked.role))
        key = await data_key(keychain, KeyOf(newcomer.id))
        async with unit_of_work("members"):
            code = await platform.add(newcomer, key, by=by)
    return f"{newcomer.id} may activate {asked.login} as {newcomer.role} within a day, with the code {code}"


async def invite_again(settings: Settings, asked: Namespace) -> str:
    """Let a person choose password and second factor anew; what to hand over. Raises Forbidden, NotFound."""
    keychain = own_keychain(settings.master_keys)
    async with open_database(settings, ["members"]):
        by = await _security(asked.by, keychain)
        async with unit_of_work("members"):
            code = await platform.invite_again(asked.login, by=by)
    return f"{asked.login} may activate anew within a day, with the code {code}"


async def end(settings: Settings, asked: Namespace) -> str:
    """End a person's work, with all their sessions. Raises Forbidden, NotFound."""
    keychain = own_keychain(settings.master_keys)
    async with open_database(settings, ["members"]):
        by = await _security(asked.by, keychain)
        async with unit_of_work("members"):
            await platform.end(asked.login, by=by)
    return f"{asked.login} works for the platform no more"


async def _security(login: str, keychain: Keychain) -> Viewer:
    """Who signs in here, by password and second factor. Raises Forbidden."""
    password, code = _asked("your password: ", hidden=True), _asked("your code: ", hidden=True)
    hash_keys = await keychain.hash_keys()
    async with unit_of_work("members"):
        attempt = await platform.begin_attempt(login, address=PLACE, hash_keys=hash_keys)
    person_id = None if isinstance(attempt, LockedOut) else await member_behind(attempt, password)
    if isinstance(attempt, LockedOut) or person_id is None:
        raise Forbidden("staff.credentials", "there is no such login, password and code")
    key = await data_key(keychain, KeyOf(person_id))
    async with unit_of_work("members"):
        passed = await factor.passes(person_id, code, key)
        office = await platform.office_of(person_id)
        if passed:
            await forget_failures(attempt)
    if not passed or office is None:
        raise Forbidden("staff.credentials", "there is no such login, password and code")
    return office


def _asked(prompt: str, *, hidden: bool = False) -> str:
    """What a person types, or the next line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass(prompt) if hidden else input(prompt)


def commands(parser: Any, add_command: Any, again_command: Any, end_command: Any) -> None:
    """Their places on the command line."""
    adding = parser.add_parser("add-platform-staff", help="let somebody work for the platform, in one office")
    adding.add_argument("--login", required=True)
    adding.add_argument("--role", required=True, choices=[role.value for role in PlatformRole])
    adding.add_argument("--by", metavar="LOGIN", help="the security administrator; nobody for the first one")
    adding.set_defaults(command=add_command)
    again = parser.add_parser("reset-platform-staff", help="let somebody choose password and second factor anew")
    again.add_argument("--login", required=True)
    again.add_argument("--by", metavar="LOGIN", required=True, help="another security administrator")
    again.set_defaults(command=again_command)
    ending = parser.add_parser("end-platform-staff", help="end somebody's work for the platform")
    ending.add_argument("--login", required=True)
    ending.add_argument("--by", metavar="LOGIN", required=True, help="the security administrator")
    ending.set_defaults(command=end_command)
