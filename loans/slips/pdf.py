"""Slips as PDF, where WeasyPrint can work (network_portal.core.pdf); printing the page works everywhere."""

from __future__ import annotations

from network_portal.core.pdf import drawn, pdf_available, sheet

__all__ = ["as_pdf", "drawn", "pdf_available"]
SHEET = "css/slips.css"


def as_pdf(html: str) -> bytes:
    """The page drawn with the style sheet of the slips alone."""
    return drawn(html, sheet(SHEET))
