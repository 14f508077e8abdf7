"""The command line: `ringfence …`."""
