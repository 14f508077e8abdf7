"""Measurements of import, compaction and tracing on a synthetic population; see `__main__`."""
