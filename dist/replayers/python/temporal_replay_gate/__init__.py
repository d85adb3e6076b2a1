"""Speaks the replay protocol, version 1, with the `temporalio` of the application's own interpreter.

Needs Python 3.9 or newer, and nothing but `temporalio` and the standard library.
"""
