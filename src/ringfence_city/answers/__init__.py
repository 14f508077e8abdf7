"""What each protocol would find if everything were known: the city's own evaluation of the rules.

It shares the protocol files and the meaning of their words with the program that it judges, and no
line of the program's engines, lake or trace.
"""
