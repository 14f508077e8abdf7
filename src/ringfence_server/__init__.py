"""The server: accounts, cases, traces and the work that follows from them, for one home."""
