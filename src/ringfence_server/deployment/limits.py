"""How much one request may bring."""

MOST_BYTES = 20 * 1024 * 1024
"""Held in memory: nothing that is uploaded rests on the disk in clear."""
