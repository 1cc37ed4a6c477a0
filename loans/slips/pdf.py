"""Slips as PDF, where WeasyPrint can work (network_portal.core.pdf); printing the page works everywhere."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders

from network_portal.core.pdf import drawn, pdf_available

__all__ = ["as_pdf", "drawn", "pdf_available"]
SHEET = "css/slips.css"


def as_pdf(html: str) -> bytes:
    """The page drawn with the style sheet of the slips alone."""
    return drawn(html, Path(str(finders.find(SHEET))).read_text(encoding="utf-8"))
