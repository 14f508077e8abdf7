"""What agencies see of the city and deliver: one channel a module, each with its noise model."""
