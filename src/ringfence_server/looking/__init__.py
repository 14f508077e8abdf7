"""Who looked: the home's audit, for those who watch over its use."""
