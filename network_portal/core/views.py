"""Staff pages: the mail outbox, long jobs, and the audit trail."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from network_portal.core import audit, mail
from network_portal.core.access import capability_needed
from network_portal.core.choices import MailStatus
from network_portal.core.requests import PortalRequest, typed
from network_portal.core.selectors import (
    access_job,
    access_mail,
    audit_visible_to,
    jobs_visible_to,
    mails_visible_to,
)

PER_PAGE = 50


@capability_needed("mail.view")
def mail_list(request: PortalRequest) -> HttpResponse:
    status = request.GET.get("status", "")
    search = typed(request.GET.get("q", ""))
    rows = mails_visible_to(
        request.actor, status=status if status in MailStatus.values else "", search=search
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    tabs = [{"label": _("All"), "url": "?", "current": not status}] + [
        {"label": choice.label, "url": f"?status={choice.value}", "current": status == choice.value}
        for choice in MailStatus
    ]
    return render(
        request, "core/mail_list.html", {"page": page, "tabs": tabs, "search": search, "status": status}
    )


@capability_needed("mail.view")
def mail_detail(request: PortalRequest, pk: int) -> HttpResponse:
    return render(request, "core/mail_detail.html", {"mail": access_mail(request.actor, pk)})


@capability_needed("mail.view")
def mail_resend(request: PortalRequest, pk: int) -> HttpResponse:
    row = access_mail(request.actor, pk)
    if request.method != "POST":  # a login came between
        return redirect("core:mail_detail", pk=row.pk)
    mail.mail_resend(mail=row, actor=request.actor)
    messages.success(request, _("The mail is in the queue again."))
    return redirect("core:mail_detail", pk=row.pk)


@capability_needed("job.view")
def job_list(request: PortalRequest) -> HttpResponse:
    page = Paginator(jobs_visible_to(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "core/job_list.html", {"page": page})


@capability_needed("job.view")
def job_detail(request: PortalRequest, pk: int) -> HttpResponse:
    return render(request, "core/job_detail.html", {"job": access_job(request.actor, pk)})


@capability_needed("audit.view")
def audit_list(request: PortalRequest) -> HttpResponse:
    search = typed(request.GET.get("q", ""))
    rows = audit_visible_to(request.actor, search=search, code=typed(request.GET.get("code", "")))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    entries = [(entry, audit.sentence(entry)) for entry in page.object_list]
    return render(request, "core/audit_list.html", {"page": page, "entries": entries, "search": search})
