"""Ways to answer one question of a snapshot: a plain oracle, and expressions that scan."""
