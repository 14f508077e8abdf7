"""Pages of hand-overs, and of the keys of other cities."""
