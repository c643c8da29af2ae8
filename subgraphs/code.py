"""`python -m subgraphs.code FILE` prints the code that an operation of the mall becomes (`make plan STAGE=code`)."""

import argparse
import sys
from pathlib import Path

from graphql import GraphQLError

from subgraphs.mall import code_of


def main() -> int:
    """The command line; the exit status is 1 where the operation is not valid."""
    parser = argparse.ArgumentParser(prog="python -m subgraphs.code", description=__doc__)
    parser.add_argument("operation", type=Path, help="file with the operation")
    try:
        sys.stdout.write(code_of(parser.parse_args().operation.read_text("utf-8")))
    except GraphQLError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
