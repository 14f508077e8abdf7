"""Work between agencies, in the home's own store: who may do it, and about which cases."""
