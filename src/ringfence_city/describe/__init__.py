"""What is in a city: counts, a page to look at, and a summary for the terminal."""
