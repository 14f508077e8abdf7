"""The portable expressions: what is asked of the tables, whatever runs it."""
