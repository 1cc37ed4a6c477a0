"""Certificates: the public page that says whether one is valid, the paper, and revoking."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.decorators import capability_required
from members.learning import selectors
from members.learning.access import access_certificate, runs
from members.learning.certificates import certificate_revoke, code_typed
from members.learning.forms import ReasonForm
from members.learning.paper import certificate_pdf, pdf_available
from members.models import Certificate
from members.permissions import Capability
from network_portal.core.ratelimit import limited
from network_portal.core.requests import PortalRequest, typed


def asked(request: PortalRequest) -> HttpResponse:
    """Where the code of a paper is typed."""
    code = code_typed(typed(request.GET.get("code", "")))
    if code:
        return redirect("members:certificate", code=code)
    return render(request, "members/learning/certificate_ask.html")


@limited("certificate", per_minute=20, burst=20)
def certificate(request: PortalRequest, code: str) -> HttpResponse:
    """Valid, revoked, or unknown (404), where it can be typed again."""
    code = code_typed(typed(code))
    found = selectors.certificate_by_code(code)
    texts: dict[str, Any] = found.data["texts"] if found else {}
    context = {
        "certificate": found, "code": code, "words": texts.get(get_language() or "id") or texts.get("id"),
        "may_paper": found is not None and _may_paper(request, found) and pdf_available(),
        "may_revoke": found is not None and found.revoked_at is None
        and runs(request.actor, found.registration.programme),
    }  # fmt: skip
    answer = render(request, "members/learning/certificate.html", context, status=200 if found else 404)
    answer["X-Robots-Tag"] = "noindex"
    return answer


@login_required
@limited("certificate-pdf", per_minute=20, burst=10)
def paper(request: PortalRequest, code: str) -> HttpResponse:
    found = access_certificate(request.actor, code.upper())
    if not pdf_available():
        raise Http404
    answer = HttpResponse(certificate_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.code}.pdf"'
    return answer


@capability_required(Capability.LEARNING_HOST, Capability.NETWORK_MANAGE)
def revoke(request: PortalRequest, code: str) -> HttpResponse:
    found = access_certificate(request.actor, code.upper())
    if not runs(request.actor, found.registration.programme):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        certificate_revoke(certificate=found, reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, _("The certificate is revoked."))
        return redirect("members:certificate", code=found.code)
    return render(request, "members/learning/revoke.html", {"certificate": found, "form": form})


def _may_paper(request: PortalRequest, found: Certificate) -> bool:
    own = request.actor.user_id is not None and found.registration.user_id == request.actor.user_id
    return own or runs(request.actor, found.registration.programme)
