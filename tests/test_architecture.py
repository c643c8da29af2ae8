"""What import-linter cannot see: the front door, moves between domains on the way down, and the size of files."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("federation", "jobs", "subgraphs", "schema", "resolvers", "services", "models", "kit")
DOMAINS = {"shops", "products", "orders", "members", "content"}
OURS = {*FLOORS, "gateway"}
FRONT_DOOR = ("federation", "subgraphs", "services.providers", "jobs.embedded", "kit")
LONGEST_FILE = 400


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, by its full name; `from a import b` is `a.b`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources(*floors: str) -> list[Path]:
    files = (path for floor in floors for path in (ROOT / floor).rglob("*.py"))
    return sorted(path for path in files if path.parent.parent.name != "migrations")


def domain_of(parts: tuple[str, ...]) -> str | None:
    return next((part.removesuffix(".py") for part in parts[1:] if part.removesuffix(".py") in DOMAINS), None)


def test_the_front_door_opens_only_to_the_engine_the_subgraphs_and_the_ground() -> None:
    strangers = [
        name for name in imports(ROOT / "gateway.py") if name.split(".")[0] in OURS and not name.startswith(FRONT_DOOR)
    ]
    assert strangers == []


def test_the_gateway_of_another_graph_starts_without_the_mall() -> None:
    mall = (*(floor for floor in FLOORS if floor not in {"federation", "kit"}), "strawberry", "tortoise", "redis")
    script = f"import gateway, sys; print(*(name for name in sys.modules if name.split('.')[0] in {mall}))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_nobody_imports_a_door() -> None:
    for path in sources(*FLOORS):
        doors = [name for name in imports(path) if name.split(".")[0] in {"gateway", "jobs"}]
        assert path.parts[len(ROOT.parts)] == "jobs" or doors == [], path


def strays(path: Path, place: tuple[str, ...]) -> list[str]:
    """Imports of the file, as if it stood at `place`, that change floor and domain in one step."""
    own = domain_of(place)
    ours = [name for name in imports(path) if name.split(".")[0] in FLOORS and name.split(".")[0] != place[0]]
    return [name for name in ours if own and domain_of(tuple(name.split("."))) not in (None, own)]


def test_no_file_changes_floor_and_domain_in_one_step() -> None:
    files = {path.relative_to(ROOT): path for path in sources("subgraphs", "schema", "resolvers", "services", "models")}
    found = {str(place): strays(path, place.parts) for place, path in files.items()}
    whole = {"subgraphs/sdl.py"}  # prints all five
    assert {place: names for place, names in found.items() if names and place not in whole} == {}


def test_a_planted_stray_is_seen(tmp_path: Path) -> None:
    planted = tmp_path / "shops.py"
    planted.write_text("from models.products import reads\nfrom models.shops import rows\n", "utf-8")
    assert strays(planted, ("resolvers", "shops.py")) == ["models.products.reads"]


@pytest.mark.parametrize("path", [ROOT / "gateway.py", *sources(*FLOORS)], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE or "words" in path.parts


def test_a_planted_upward_import_breaks_a_contract(tmp_path: Path) -> None:
    for floor in FLOORS:
        for path in sources(floor):
            target = tmp_path / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text("utf-8"), "utf-8")
        (tmp_path / floor / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    (tmp_path / "kit" / "money.py").write_text("import models.base\n", "utf-8")
    script = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    linted = subprocess.run(
        [sys.executable, "-c", script, "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 1
    assert "kit is not allowed to import models" in linted.stdout
