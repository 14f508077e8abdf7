"""Contacts followed day by day, as the measures of the protocol say, until they are released."""
