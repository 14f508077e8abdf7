"""From a case to its contacts: windows, rings, one list with its evidence."""
