"""The commands: `python -m jobs --help` lists them."""

from __future__ import annotations

import asyncio
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jobs import demo, restoring, rotation, signing, staff, worker
from jobs.backup import console as backup
from jobs.backup.daily import back_up_all
from jobs.import_catalogue import console as importing
from jobs.seed import console as seeding
from jobs.seed.size import SIZES
from jobs.trail import console as trail
from jobs.trail.archive import LEAST_KEPT
from kit import clock
from kit.errors import MallError
from kit.logs import quiet_logs
from kit.processes import make_process_keys
from kit.settings import DOMAINS, Settings
from models.base import open_database
from models.migrating import migrate
from services.members.privacy.keys import make_keys, own_keychain

REFUSED, PARTLY = 2, 1
"""Exit codes: nothing was done; some rows were refused, or are not as they should be."""


def _seed(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(seeding.run(settings, asked.size, fresh=asked.fresh)))
    return 0


def _import_catalogue(settings: Settings, asked: Namespace) -> int:
    report = asyncio.run(importing.run(settings, asked.file, asked.shop))
    print(report)
    return PARTLY if report.problems else 0


def _migrate(settings: Settings, asked: Namespace) -> int:
    asyncio.run(_bring_up_to_date(settings))
    print("the tables of all domains are up to date")
    return 0


async def _bring_up_to_date(settings: Settings) -> None:
    await migrate(settings)
    async with open_database(settings, ["members"]):
        keychain = own_keychain(settings.master_keys)
        await make_keys(keychain)
        await signing.rotate_when_due(settings, keychain)


def _demo(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(demo.prepare(settings, asked.size)), flush=True)
    return 0


def _verify_audit(settings: Settings, asked: Namespace) -> int:
    domains = [asked.domain] if asked.domain else DOMAINS
    reports = asyncio.run(trail.check(settings, domains, asked.archive))
    print("\n".join(map(trail.told, reports)))
    return PARTLY if any(report.findings for report in reports) else 0


def _archive_audit(settings: Settings, asked: Namespace) -> int:
    moved = asyncio.run(trail.move(settings, DOMAINS, asked.to, asked.days))
    for done in moved:
        print(f"{done.domain}: {done.rows:,} rows under {done.seals:,} seals into {done.file}")
    print("nothing is left that is old enough")
    return 0


def _make_process_keys(settings: Settings, asked: Namespace) -> int:
    make_process_keys(settings.process_keys)
    print(f"the keys of all processes are in {settings.process_keys}: give each its own, and peers.json")
    return 0


def _rotate_signing_key(settings: Settings, asked: Namespace) -> int:
    async def rotate() -> str:
        async with open_database(settings):
            key = await signing.rotate(settings, own_keychain(settings.master_keys))
        return f"{key.id} signs access tokens from {key.signs_from:%Y-%m-%d %H:%M:%S} UTC on"

    print(asyncio.run(rotate()))
    return 0


def _backup(settings: Settings, asked: Namespace) -> int:
    if asked.shop:
        print(asyncio.run(backup.back_up(settings, asked.shop, asked.to)))
        return 0
    done = asyncio.run(back_up_all(settings))
    print(backup.told_of_all(done))
    return PARTLY if done.failed else 0


def _restore(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(backup.bring_back(settings, asked.shop, asked.file, overwrite=asked.overwrite)))
    return 0


def _verify_backup(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(backup.verify_all(settings, asked.files)))
    return 0


def _rotate_keys(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(rotation.run(settings, asked)))
    return 0


def _replay_erasures(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(restoring.replay_erasures(settings, asked.journal or settings.erasure_journal)))
    return 0


def _backup_keys(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(restoring.backup_keys(settings, asked.file)))
    return 0


def _restore_keys(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(restoring.restore_keys(settings, asked.file)))
    return 0


def _add_platform_staff(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(staff.add(settings, asked)))
    return 0


def _reset_platform_staff(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(staff.invite_again(settings, asked)))
    return 0


def _end_platform_staff(settings: Settings, asked: Namespace) -> int:
    print(asyncio.run(staff.end(settings, asked)))
    return 0


def _worker(settings: Settings, asked: Namespace) -> int:
    return _until_stopped(worker.work(settings))


def _schedule(settings: Settings, asked: Namespace) -> int:
    return _until_stopped(worker.schedule(settings))


def _until_stopped(work: Coroutine[Any, Any, None]) -> int:
    async def run() -> None:
        task = asyncio.ensure_future(work)
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())
    return 0


def _add_backups(commands: Any) -> None:
    saving = commands.add_parser("backup", help="write a shop's rows into an encrypted file")
    which = saving.add_mutually_exclusive_group(required=True)
    which.add_argument("--shop", metavar="ID")
    which.add_argument("--all", action="store_true", help="every shop; verify each file, and forget old ones")
    saving.add_argument("--to", type=Path, metavar="FILE", help="with --shop (default: into the folder BACKUPS)")
    saving.set_defaults(command=_backup)
    restoring = commands.add_parser("restore", help="bring a shop's rows back from its backup")
    restoring.add_argument("file", type=Path, metavar="FILE")
    restoring.add_argument("--shop", required=True, metavar="ID")
    restoring.add_argument("--overwrite", action="store_true", help="set back what is there, but for what trade moves")
    restoring.set_defaults(command=_restore)
    verifying = commands.add_parser("verify-backup", help="bring backups back into a scratch database, and compare")
    verifying.add_argument("files", type=Path, nargs="+", metavar="FILE")
    verifying.set_defaults(command=_verify_backup)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m jobs", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    seed = commands.add_parser("seed", help="fill an empty database with a believable mall")
    seed.add_argument("--size", choices=tuple(SIZES), default="demo")
    seed.add_argument("--fresh", action="store_true", help="empty all tables first")
    seed.set_defaults(command=_seed)
    catalogue = commands.add_parser("import-catalogue", help="bring a shop's own catalogue, CSV or JSON lines")
    catalogue.add_argument("file", type=Path, metavar="FILE.csv|.jsonl")
    catalogue.add_argument("--shop", required=True, metavar="ID", help="id of the shop, shp_...")
    catalogue.set_defaults(command=_import_catalogue)
    tables = commands.add_parser(
        "migrate", help="bring the tables to their newest form, and make the keys that are missing"
    )
    tables.set_defaults(command=_migrate)
    checking = commands.add_parser("verify-audit", help="check that the trail of sensitive acts is as it was sealed")
    checking.add_argument("--domain", choices=DOMAINS, help="one domain only")
    checking.add_argument(
        "--archive", type=Path, action="append", default=[], metavar="FILE", help="an archive instead"
    )
    checking.set_defaults(command=_verify_audit)
    archiving = commands.add_parser("archive-audit", help="move the older part of the trail into files")
    archiving.add_argument("--to", type=Path, required=True, metavar="FOLDER")
    archiving.add_argument(
        "--days", type=int, default=LEAST_KEPT.days, help="how many days stay (default: %(default)s)"
    )
    archiving.set_defaults(command=_archive_audit)
    _add_backups(commands)
    standing = commands.add_parser("demo", help="make the demo's key, tables and data where they are missing")
    standing.add_argument("--size", choices=tuple(SIZES), default="demo")
    standing.set_defaults(command=_demo)
    for more in (_keys, _privacy, _staff):
        more(commands)
    working = commands.add_parser("worker", help="tell and follow facts, do timed tasks; any number of these may run")
    working.set_defaults(command=_worker)
    timed = commands.add_parser("schedule", help="send timed tasks when they are due; one of these runs in a mall")
    timed.set_defaults(command=_schedule)
    return parser


def _keys(commands: Any) -> None:
    peers = commands.add_parser("make-process-keys", help="make the keys by which processes of a mall know each other")
    peers.set_defaults(command=_make_process_keys)
    signs = commands.add_parser("rotate-signing-key", help="let a fresh key sign access tokens, a minute from now")
    signs.set_defaults(command=_rotate_signing_key)


def _privacy(commands: Any) -> None:
    rotating = commands.add_parser("rotate-keys", help="replace keys while the mall is open; again after a kill")
    which = rotating.add_mutually_exclusive_group(required=True)
    which.add_argument("--master", action="store_true", help="wrap keepers' keys by the first of MASTER_KEYS")
    which.add_argument("--platform", action="store_true", help="a fresh key of the platform for its members' keys")
    which.add_argument("--shop", metavar="ID", help="a fresh key of a shop for its people's keys")
    which.add_argument("--hash", action="store_true", help="a fresh key for equality search")
    rotating.set_defaults(command=_rotate_keys)
    replaying = commands.add_parser("replay-erasures", help="erase again who was erased: after every restore")
    replaying.add_argument("--journal", type=Path, metavar="FILE", help="default: ERASURE_JOURNAL")
    replaying.set_defaults(command=_replay_erasures)
    for name, says, command in (
        ("backup-keys", "write all keys to a sealed file, apart from other backups", _backup_keys),
        ("restore-keys", "bring back keys that are missing, and erase again who was erased", _restore_keys),
    ):
        keys = commands.add_parser(name, help=says)
        keys.add_argument("file", type=Path, metavar="FILE")
        keys.set_defaults(command=command)


def _staff(commands: Any) -> None:
    staff.commands(commands, _add_platform_staff, _reset_platform_staff, _end_platform_staff)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    asked = _parser().parse_args(arguments)
    settings = Settings.read()
    if settings.clock:
        clock.use(clock.stopped_at(settings.clock))
    try:
        code: int = asked.command(settings, asked)
    except MallError as error:
        print(f"{error.code}: {error.message}", file=sys.stderr)
        return REFUSED
    return code


if __name__ == "__main__":
    quiet_logs()
    sys.exit(main())
