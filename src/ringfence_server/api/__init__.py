"""What programs may do: addresses under /api/v1/, opened by tokens that accounts make."""
