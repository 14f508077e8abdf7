"""Contacts who live elsewhere: handed over to another unit or city, and taken in from there."""
