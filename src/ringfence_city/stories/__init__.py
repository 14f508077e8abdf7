"""Small stories with known truth, as files to import: one case's days, one train."""
