"""What the command line does through the server: files into the lake, traces, and what is there."""

from ringfence_server.api.lake import identity, imports, lists, looking, requests, rows, traces

PARTS = (imports, looking, traces, identity, rows, requests, lists)
