"""Backups of a served home with its database, and the server that is made of one again."""
