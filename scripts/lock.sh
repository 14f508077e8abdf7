#!/usr/bin/env bash
# Writes the locks anew: every dependency with its version and hashes, no address of any index.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}

compile() {
    local output=$1
    shift
    "$uv" pip compile pyproject.toml "$@" --output-file "$output" --quiet \
        --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
    echo "$output: $(grep -c '^[a-z0-9]' "$output") packages"
}

compile requirements/run.txt --extra server --group build "${@}"
compile requirements/dev.txt --extra server --group build --group dev --constraint requirements/run.txt "${@}"
compile requirements/bench.txt --extra server --group build --group dev --group bench \
    --constraint requirements/dev.txt "${@}"
