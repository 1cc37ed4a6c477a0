"""Scanned copies on their way: what is let in, where it lies, how it reaches its reader, and its end."""
