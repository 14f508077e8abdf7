#!/usr/bin/env bash
# Makes a city of 20,000 people with an outbreak in ./demo-city, imports what its agencies deliver
# into ./demo-home, and traces the index case; contacts stand beside the truth.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python -m scripts.demo_city "$@"
