"""Reading what is delivered: bytes in, checked rows and named faults out."""

from ringfence.sources.importing import import_file, read_text
from ringfence.sources.mapping.importing import import_mapped

__all__ = ["import_file", "import_mapped", "read_text"]
