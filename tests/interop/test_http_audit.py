"""GraphQL over HTTP, as the audits of npm's graphql-http see our gateway."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from kit.settings import Settings
from tests.support.servers import environment_of, gateway

HERE = Path(__file__).parent
AUDITS = 61

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(not (HERE / "node_modules" / "graphql-http").is_dir(), reason="npm install was not run"),
]


def test_all_audits_pass(tiny_mall: Settings) -> None:
    with gateway(environment_of(tiny_mall)) as (address, _):
        audit = subprocess.run(
            ["node", "audit.mjs", f"{address}/graphql"], cwd=HERE, capture_output=True, text=True, check=True
        )
    assert json.loads(audit.stdout) == {"passed": AUDITS, "failed": []}
