"""Which vehicles were in a risk area while it was one: the list for the next checkpoint."""
