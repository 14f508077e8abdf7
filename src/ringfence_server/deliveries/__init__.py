"""The page of what the home refused of the console's records."""
