"""The processes of a server, and a private database for a demo or a test."""
