"""A scan that a demo's library sends: one page of text, made as a cover page is."""

from __future__ import annotations

from io import BytesIO

from loans.delivery.cover import CoverText, cover_pdf
from loans.delivery.ranges import Part
from loans.delivery.upload import upload_part
from loans.models import SupplyAttempt
from network_portal.core.actor import Actor

NOTICE = "Halaman contoh: di portal yang sebenarnya, di sini ada hasil pindai dari perpustakaan pemilik."


def scan_for(attempt: SupplyAttempt, actor: Actor) -> None:
    """Upload one PDF for the copy that the attempt's library makes."""
    request = attempt.request
    rows = [("Bab", str(request.part.get("chapter", ""))), ("Halaman", str(request.part.get("pages", "")))]
    content = cover_pdf(CoverText(heading="Pindaian", source=request.title, rows=rows, notice=NOTICE))
    upload_part(
        attempt=attempt, key=f"demo-{attempt.pk}", name=f"{request.number}.pdf",
        part=Part(0, len(content), len(content)), source=BytesIO(content), actor=actor,
    )  # fmt: skip
