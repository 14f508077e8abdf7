"""Measurements of import, compaction and tracing on a synthetic city; see `__main__`."""
