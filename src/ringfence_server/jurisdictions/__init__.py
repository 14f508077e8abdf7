"""The tree of jurisdictions, from the country down to the grid, and what lies in which."""
