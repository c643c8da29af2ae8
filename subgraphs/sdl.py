"""Writes the SDL of every subgraph into a folder: `python -m subgraphs.sdl schema/subgraphs`."""

import argparse
from pathlib import Path

from subgraphs.content import subgraph as content
from subgraphs.members import subgraph as members
from subgraphs.orders import subgraph as orders
from subgraphs.products import subgraph as products
from subgraphs.shops import subgraph as shops

SUBGRAPHS = (shops, products, orders, members, content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for subgraph in SUBGRAPHS:
        (folder / f"{subgraph.name}.graphql").write_text(subgraph.sdl, "utf-8")


if __name__ == "__main__":
    main()
