"""Slips as PDF, made by WeasyPrint where its libraries (Pango) are installed; printing the page works everywhere."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import structlog
from django.contrib.staticfiles import finders

log = structlog.get_logger(__name__)
SHEET = "css/slips.css"


@lru_cache(maxsize=1)
def _weasyprint() -> Any:
    """The module, or None on a machine without Pango (OSError: the shared library is not there)."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        log.info("slips_without_pdf", why=str(error)[:200])
        return None
    return weasyprint


def pdf_available() -> bool:
    return _weasyprint() is not None


def as_pdf(html: str) -> bytes:
    """The page drawn with the style sheet of the slips alone. Whatever it would load from elsewhere is refused."""
    weasyprint = _weasyprint()
    path = finders.find(SHEET)
    sheet = weasyprint.CSS(filename=str(path), url_fetcher=_nothing_from_elsewhere)
    pdf: bytes = weasyprint.HTML(string=html, url_fetcher=_nothing_from_elsewhere).write_pdf(
        stylesheets=[sheet]
    )
    return pdf


def drawn(html: str, style: str) -> bytes:
    """Any page with a style of its own, for letters that a PDF's standard fonts do not have."""
    weasyprint = _weasyprint()
    sheet = weasyprint.CSS(string=style, url_fetcher=_nothing_from_elsewhere)
    pdf: bytes = weasyprint.HTML(string=html, url_fetcher=_nothing_from_elsewhere).write_pdf(
        stylesheets=[sheet]
    )
    return pdf


def _nothing_from_elsewhere(url: str, *_args: Any, **_kwargs: Any) -> Any:
    raise ValueError(f"a slip loads nothing: {url}")
