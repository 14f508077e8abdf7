"""Work that follows from traces: sent on one approval, done at a door, told back to the lake."""
