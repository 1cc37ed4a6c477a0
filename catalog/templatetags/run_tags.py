"""Filters of the run pages."""

from __future__ import annotations

from django import template

from catalog.presenters.run import snippet_text

register = template.Library()


@register.filter
def snippet(value: bytes | memoryview) -> str:
    """The raw beginning of a record, printable; the template escapes it."""
    return snippet_text(bytes(value))
