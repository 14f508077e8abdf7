"""What the command line does through the server: files into the lake, traces, and what is there."""

from ringfence_server.api.lake import (
    identity,
    imports,
    lists,
    looking,
    movements,
    passengers,
    requests,
    rows,
    traces,
)

PARTS = (imports, looking, traces, passengers, movements, identity, rows, requests, lists)
