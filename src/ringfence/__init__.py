"""Ringfence: who was exposed to a case, by which rule and on what evidence."""
