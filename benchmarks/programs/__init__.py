"""What runs in the interpreters that are measured.

A program is a function of the server's URL and of settings, which are strings. It prepares, and
returns an operation: a function that does the work so many times. An operation may return the
seconds that count, where not all of its work does.
"""
