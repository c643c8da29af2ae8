"""`make plan STAGE=code` prints the Python that an operation of the mall becomes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from subgraphs.mall import OPERATIONS, code_of
from tests.support.servers import ROOT

SMALL = "{ sections(first: 1) { edges { node { products(first: 2) { edges { node { id shop { name } } } } } } } }"


def command(operation: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "subgraphs.code", str(operation)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "JISHI_ENV": "development"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_fused_plan_is_printed_and_then_each_fetch(tmp_path: Path) -> None:
    (tmp_path / "small.graphql").write_text(SMALL)
    printed = command(tmp_path / "small.graphql")
    assert (printed.returncode, printed.stderr) == (0, "")
    titles = [line for line in printed.stdout.splitlines() if line.startswith("# ")]
    assert titles == ["# the plan, fused", "# fetch 1: products", "# fetch 2: shops"]
    assert "def ask_2(run):" in printed.stdout
    assert printed.stdout.count("async def resolve(run):") == 2
    assert printed.stdout.count("def complete(run):") == 3


def test_an_invalid_operation_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "wrong.graphql").write_text("{ nothing }")
    printed = command(tmp_path / "wrong.graphql")
    assert (printed.returncode, printed.stdout) == (1, "")
    assert "Cannot query field 'nothing'" in printed.stderr


def test_every_query_of_the_mini_program_is_fused() -> None:
    texts = {path.name: path.read_text("utf-8") for path in OPERATIONS.rglob("*.graphql")}
    queries = {name: text for name, text in texts.items() if "\nquery" in f"\n{text}" and "\nmutation" not in text}
    assert "Home.graphql" in queries
    assert [name for name, text in queries.items() if "# the plan, fused" not in code_of(text)] == []
