"""Vehicles seen in a risk area while it was one: the question, and the answer in its forms."""
