"""The pages of cases: each asks the queries, or does one act."""
