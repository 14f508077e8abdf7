"""The canonical tables, declared in code: columns, vocabularies, natural keys, sensitivity."""

from ringfence.records.columns import INSTANT, LINEAGE, Column, Kind, Sensitivity, Table, Tense
from ringfence.records.tables import TABLES

__all__ = ["INSTANT", "LINEAGE", "TABLES", "Column", "Kind", "Sensitivity", "Table", "Tense"]
