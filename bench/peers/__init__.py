"""Other programs that answer the same question on the same stays; `peers.asking` runs them."""
