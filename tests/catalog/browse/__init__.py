"""Browsing, load and statistics."""
