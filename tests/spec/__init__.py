"""Runs the chapters of the manual (docs/manual) as tests, on every engine."""
