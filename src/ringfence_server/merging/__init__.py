"""Whose numbers are one person: questions that the rules left open, settled by people."""
