"""Pages as PDF, made by WeasyPrint where its libraries (Pango) are installed. Nothing is loaded from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from django.contrib.staticfiles import finders

log = structlog.get_logger(__name__)


@lru_cache(maxsize=1)
def weasyprint() -> Any:
    """The module, or None on a machine without Pango (OSError: the shared library is not there)."""
    try:
        import weasyprint as module
    except (ImportError, OSError) as error:
        log.info("no_pdf", why=str(error)[:200])
        return None
    return module


def pdf_available() -> bool:
    return weasyprint() is not None


def drawn(html: str, style: str, *, tagged: bool = False) -> bytes:
    """The page with a style of its own. Whatever it would load from elsewhere is refused.

    `tagged`: PDF/UA-1 (ISO 14289-1), with title, language and structure for screen readers.
    """
    made = weasyprint()
    styles = [made.CSS(string=style, url_fetcher=nothing_from_elsewhere)]
    page = made.HTML(string=html, url_fetcher=nothing_from_elsewhere)
    pdf: bytes = page.write_pdf(stylesheets=styles, pdf_variant="pdf/ua-1" if tagged else None)
    return pdf


def sheet(name: str) -> str:
    """A style sheet of the static files, by its path there."""
    return Path(str(finders.find(name))).read_text(encoding="utf-8")


def nothing_from_elsewhere(url: str, *_args: Any, **_kwargs: Any) -> Any:
    raise ValueError(f"a page on paper loads nothing: {url}")
