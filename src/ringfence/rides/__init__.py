"""Runs of trains, flights, coaches and ships: who sat where, near whom, from stop to stop."""
