"""Commands of the engine: `compose NAME=FILE=URL ...` prints a supergraph, `plan SUPERGRAPH OPERATION` every stage."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from graphql import parse, validate

from federation.composition import Contract, SubgraphSource, compose
from federation.planning import explain
from federation.supergraph import Supergraph


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status is 1 where it fails."""
    parser = argparse.ArgumentParser(prog="python -m federation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("compose", help="print the supergraph of some subgraphs")
    command.add_argument("subgraphs", nargs="+", metavar="NAME=FILE=URL", type=_source)
    command.add_argument("--contract", action="append", metavar="NAME", help="show only what has this tag")
    command.add_argument("--exclude", action="append", metavar="NAME", help="hide what has this tag")
    command.set_defaults(run=_compose)
    command = commands.add_parser("plan", help="print each stage of planning an operation")
    command.add_argument("supergraph", type=Path)
    command.add_argument("operation", type=Path, help="file with the operation")
    command.set_defaults(run=_plan)
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


def _plan(options: argparse.Namespace) -> int:
    supergraph = Supergraph.parse(options.supergraph.read_text(encoding="utf-8"))
    document = parse(options.operation.read_text(encoding="utf-8"))
    problems = validate(supergraph.api_schema, document)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    print(explain(document, supergraph))
    return 0


def _compose(options: argparse.Namespace) -> int:
    contract = None
    if options.contract or options.exclude:
        contract = Contract(frozenset(options.contract or ()), frozenset(options.exclude or ()))
    composition = compose(options.subgraphs, contract)
    for hint in composition.hints:
        print(f"hint {hint.code}: {hint.message}", file=sys.stderr)
    for error in composition.errors:
        print(f"{error.code}: {error.message}", file=sys.stderr)
    if composition.sdl is None:
        return 1
    print(composition.sdl, end="")
    return 0


def _source(text: str) -> SubgraphSource:
    name, _, rest = text.partition("=")
    file, _, url = rest.partition("=")
    if not name or not Path(file).is_file():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=FILE=URL, with a file that exists")
    return SubgraphSource(name, url, Path(file).read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
