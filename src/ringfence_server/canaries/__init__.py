"""Invented persons who belong to no case: who looks for one, or at one, raises an alert."""
