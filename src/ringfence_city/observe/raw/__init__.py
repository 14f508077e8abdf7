"""What agencies see, in the form that each of them writes: one form a module, read by a mapping."""
