"""How a server is set up: its deployment file, and what Django makes of it."""
