#!/usr/bin/env bash
# Installs the npm peers beside this file and compares ours with them.
set -euo pipefail
cd "$(dirname "$0")"
echo "installing npm peers ..."
npm install --no-audit --no-fund --no-package-lock --ignore-scripts --loglevel=error # no package runs code of its own here
cd ../..
export FEDERATION_CASES="${FEDERATION_CASES:-${CONFORMANCE_DIR:+$CONFORMANCE_DIR/cases}}"
.venv/bin/python -m pytest -q -m interop tests/interop
echo "interop passed"
