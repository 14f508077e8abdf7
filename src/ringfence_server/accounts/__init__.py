"""Who may sign in, at which node of the tree, and what their roles let them do."""
