"""What a case told as text: pasted, read, and taken event by event as evidence."""
