"""Traces of cases: asked with one click, answered by a worker, kept as they were answered."""
