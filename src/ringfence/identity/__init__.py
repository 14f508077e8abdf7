"""Which subjects are one person: reversible acts that move nothing in the lake."""
