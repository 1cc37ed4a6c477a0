"""Cover pictures from a provider outside: asked for by ISBN, checked, made small, kept on disk, drawn where none is.

A page never waits: it shows what is there, and notes what it would have liked (wanted.py) for the worker to fetch.
"""
