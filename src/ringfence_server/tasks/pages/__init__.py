"""Pages of tasks: at the desk, and at a door."""
