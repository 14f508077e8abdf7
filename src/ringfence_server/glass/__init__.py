"""Opening a case that is not one's own in an emergency: briefly, for reading, and each reviewed."""
