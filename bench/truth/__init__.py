"""Rules and channels judged on cities whose truth is known; see `__main__`."""
