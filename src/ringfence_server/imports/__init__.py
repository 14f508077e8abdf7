"""Files that accounts bring into the home: sent in parts, imported by the worker, each once."""
