"""Work between agencies: lists handed down, data asked for."""
