"""What the database keeps of persons, how long, and that it goes when its time is over."""
