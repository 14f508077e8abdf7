"""Identities apart from the lake: encrypted, found by keyed tokens, shown only for a case."""
