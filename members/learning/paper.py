"""The certificate on paper: a PDF of the kept words alone, with a QR code of the page that says whether it is valid."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from members.models import Certificate
from network_portal.core.barcodes import qr_svg
from network_portal.core.pdf import drawn, pdf_available, sheet

__all__ = ["certificate_pdf", "check_url", "pdf_available"]
SHEET = "css/certificate.css"


def check_url(certificate: Certificate) -> str:
    return settings.PORTAL_URL + reverse("members:certificate", args=[certificate.code])


def certificate_pdf(certificate: Certificate) -> bytes:
    """One sheet A4 across, Indonesian above, English below; the same kept words give the same sheet."""
    data, url = certificate.data, check_url(certificate)
    before, _code, after = url.rpartition(certificate.code)
    html = render_to_string(
        "members/learning/_certificate_paper.html",
        {
            "data": data, "code": certificate.code, "before": before, "after": after, "qr": qr_svg(url, url),
            "main": data["texts"]["id"], "second": data["texts"]["en"],
        },
    )  # fmt: skip
    return drawn(html, sheet(SHEET))
