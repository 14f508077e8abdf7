"""Who rode with a case: the question, and the answer as a table, as JSON and as a seat plan."""
