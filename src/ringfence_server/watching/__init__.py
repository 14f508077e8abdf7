"""How the running server is seen from outside: alive, ready, measured, and told line by line."""
