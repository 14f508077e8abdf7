"""Cases: entered, signed for, confirmed, assigned, and what is known of each."""
