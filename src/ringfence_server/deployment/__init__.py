"""Which home is served, by what clock, and what is written to the log."""
