"""What really happened in the city."""
