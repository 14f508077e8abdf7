"""The real processes of a server, and what they do when something falls over."""
