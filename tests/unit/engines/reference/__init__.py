"""The oracle by hand: one small case for each thing that a rule can say."""
