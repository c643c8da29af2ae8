"""The keys by which the mall's processes know each other: a folder with the key of this process, `NAME.pem`, and
`peers.json`, the public keys of all by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from kit.contexts import GATEWAY
from kit.jws import PublicKey, SigningKey
from kit.settings import DOMAINS

PROCESSES = (GATEWAY, *DOMAINS)
PEERS = "peers.json"


def own_key(folder: Path, name: str) -> SigningKey:
    """The key of the process `name`. Raises ValueError where it has none."""
    path = folder / f"{name}.pem"
    if not path.exists():
        raise ValueError(f"{path} is missing: `python -m jobs make-process-keys` makes the keys of all processes")
    return SigningKey.from_file(path)


def peers(folder: Path) -> Mapping[str, list[PublicKey]]:
    """The public keys of each process; a process that changes its key has two for a while."""
    path = folder / PEERS
    if not path.exists():
        raise ValueError(f"{path} is missing: `python -m jobs make-process-keys` makes the keys of all processes")
    return msgspec.json.decode(path.read_bytes(), type=dict[str, list[PublicKey]])


def make_process_keys(folder: Path, names: Iterable[str] = PROCESSES) -> None:
    """Make a fresh key for each process, and tell all what the others' are."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = {name: SigningKey.fresh() for name in names}
    for name, key in keys.items():
        key.write(folder / f"{name}.pem")
    known = {name: [key.public] for name, key in keys.items()}
    (folder / PEERS).write_bytes(msgspec.json.format(msgspec.json.encode(known)))
