"""`python -m federation compose` prints a supergraph, or every error with its code."""

from __future__ import annotations

from pathlib import Path

import pytest

from federation.__main__ import main

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@tag"])\n'


def source(tmp_path: Path, name: str, sdl: str) -> str:
    file = tmp_path / f"{name}.graphql"
    file.write_text(LINK + sdl, encoding="utf-8")
    return f"{name}={file}=http://{name}.invalid/graphql?a=b"


def test_command_prints_the_supergraph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compose", source(tmp_path, "a", "type Query { a: Int }")]) == 0
    printed = capsys.readouterr()
    assert 'A @join__graph(name: "a", url: "http://a.invalid/graphql?a=b")' in printed.out
    assert printed.err == ""


def test_command_prints_every_error_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = source(tmp_path, "a", 'type Query { t: T } type T @key(fields: "no") { id: ID }')
    second = source(tmp_path, "b", 'type S @key(fields: "no") { id: ID }')
    assert main(["compose", first, second]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        'KEY_INVALID_FIELDS: [a] @key(fields: "no") on "T": there is no field "T.no"',
        'KEY_INVALID_FIELDS: [b] @key(fields: "no") on "S": there is no field "S.no"',
    ]


def test_command_prints_hints_beside_the_supergraph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = source(tmp_path, "a", '"one" type Query { a: Int }')
    second = source(tmp_path, "b", '"two" type Query { b: Int }')
    assert main(["compose", first, second]) == 0
    assert capsys.readouterr().err.splitlines() == [
        'hint INCONSISTENT_DESCRIPTION: "Query" has different descriptions:'
        ' "one" in subgraph "a" but "two" in subgraph "b"'
    ]


def test_command_prints_a_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = source(tmp_path, "a", 'type Query { a: Int @tag(name: "public") b: Int c: Int @tag(name: "x") }')
    assert main(["compose", "--contract", "public", "--contract", "x", "--exclude", "x", file]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert 'a: Int @tag(name: "public")' in lines
    assert "b: Int @inaccessible" in lines
    assert 'c: Int @tag(name: "x") @inaccessible' in lines


@pytest.mark.parametrize("argument", ["a", "=file=url", "a=does-not-exist=url"])
def test_command_refuses_what_is_no_subgraph(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["compose", argument])
    assert stopped.value.code == 2
    assert "NAME=FILE=URL" in capsys.readouterr().err
