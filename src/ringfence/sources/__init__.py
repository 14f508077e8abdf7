"""Reading canonical files: bytes in, checked rows and named faults out."""

from ringfence.sources.importing import import_file, read_text

__all__ = ["import_file", "read_text"]
