"""Search: what is within reach, people only with a right, a quota and a row of the audit."""
