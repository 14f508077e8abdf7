"""Acting through the API of a server that uses the home, by the standard library alone."""
