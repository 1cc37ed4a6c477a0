"""Deadlines, the clock and what is late."""
