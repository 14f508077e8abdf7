"""A synthetic city whose truth is known: people, movements, infections, and what agencies see."""
