"""Protocols: contact rules, windows and measures as versioned files."""
