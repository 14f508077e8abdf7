"""A channel as a file: what its columns mean and which records they make."""
