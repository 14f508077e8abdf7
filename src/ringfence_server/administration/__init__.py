"""Pages on which administrators manage accounts and the tree of jurisdictions."""
