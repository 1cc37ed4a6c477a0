"""Staff pages: the mail outbox, long jobs, and the audit trail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network_portal.core import audit, mail
from network_portal.core.access import capability_needed
from network_portal.core.filters import AuditFilter, JobFilter, MailFilter
from network_portal.core.lists import Csv, list_answer, moment
from network_portal.core.requests import PortalRequest
from network_portal.core.selectors import (
    access_job,
    access_mail,
    audit_visible_to,
    jobs_visible_to,
    mails_visible_to,
)


@capability_needed("mail.view")
@require_safe
def mail_list(request: PortalRequest) -> HttpResponseBase:
    found = MailFilter(request.GET, queryset=mails_visible_to(request.actor).defer("body_text", "body_html"))
    return list_answer(request, "core/mail_list.html", found=found, csv=mails_file())


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
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("core:mail_detail", pk=row.pk)


@capability_needed("job.view")
@require_safe
def job_list(request: PortalRequest) -> HttpResponseBase:
    found = JobFilter(request.GET, queryset=jobs_visible_to(request.actor))
    return list_answer(request, "core/job_list.html", found=found, csv=jobs_file())


@capability_needed("job.view")
def job_detail(request: PortalRequest, pk: int) -> HttpResponse:
    return render(request, "core/job_detail.html", {"job": access_job(request.actor, pk)})


@capability_needed("audit.view")
@require_safe
def audit_list(request: PortalRequest) -> HttpResponseBase:
    found = AuditFilter(request.GET, queryset=audit_visible_to(request.actor))
    return list_answer(request, "core/audit_list.html", found=found, csv=entries_file())


def mails_file() -> Csv:
    header = (_("State"), _("Subject"), _("To"), _("Written"), _("Attempts"), _("Last error"))
    return Csv("mail", header, lambda row: (
        row.get_status_display(), row.subject, row.to_email, moment(row.created_at), row.attempts, row.last_error,
    ))  # fmt: skip


def jobs_file() -> Csv:
    header = (_("State"), _("What"), _("Who"), _("Started"), _("Ended"), _("Done so far"), _("Of"))
    return Csv("jobs", header, lambda row: (
        row.get_status_display(), row.label, row.actor_name, moment(row.created_at), moment(row.finished_at), row.done,
        row.total,
    ))  # fmt: skip


def entries_file() -> Csv:
    header = (_("When"), _("Who"), _("Library"), _("What"), _("Code"))
    return Csv("audit", header, lambda row: (
        moment(row.at), row.who, row.library_name, audit.sentence(row), row.code,
    ))  # fmt: skip
