"""Narratives from files: what each tells, as a table and as JSON."""
