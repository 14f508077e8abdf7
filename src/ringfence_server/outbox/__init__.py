"""What an act in the database has to do in the home besides: written down with it, done after."""
