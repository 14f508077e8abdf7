#!/usr/bin/env bash
# Makes a city of 20,000 people with an outbreak in ./demo-city, imports what its agencies deliver
# into ./demo-home, traces the index case (contacts stand beside the truth), and starts a server of
# that home from ./demo-server in the background.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m scripts.demo_server remove
.venv/bin/python -m scripts.demo_city
exec .venv/bin/python -m scripts.demo_server start
