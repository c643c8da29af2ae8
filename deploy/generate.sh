#!/usr/bin/env bash
# Writes the generated files: the subgraphs' SDL and the supergraph composed from them.
#   deploy/generate.sh           writes them into schema/
#   deploy/generate.sh --check   compares them with what stands in schema/
set -euo pipefail
cd "$(dirname "$0")/.."
target=schema
if [ "${1:-}" = --check ]; then
  target=$(mktemp -d)
  trap 'rm -rf "$target"' EXIT
fi
.venv/bin/python -m subgraphs.sdl "$target/subgraphs"
sources=()
port=4001
for name in shops products orders members content; do
  sources+=("$name=$target/subgraphs/$name.graphql=http://127.0.0.1:$port/graphql")
  port=$((port + 1))
done
.venv/bin/python -m federation compose "${sources[@]}" > "$target/supergraph.graphql"
if [ "${1:-}" = --check ]; then
  for file in supergraph.graphql subgraphs; do
    diff -ru "schema/$file" "$target/$file" || { echo "schema/$file is out of date: run make generate"; exit 1; }
  done
fi
