"""Narratives: what somebody wrote of a case's days, as dated events that point to their words."""
