"""The supplying library's page for one copy: scans in, a look at them, and out again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import StopUpload
from django.http import HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from loans.access import access_request
from loans.delivery.intake import cap_uploads, drop_surplus
from loans.delivery.ranges import parse_range
from loans.delivery.store import DiskFull
from loans.delivery.upload import OutOfStep, file_remove, upload_part, upload_whole
from loans.forms.copies import ScanForm
from loans.models import Request
from loans.netsettings import FILES
from loans.presenters.copies import ScanPage, scan_page
from loans.selectors.copies import access_file, access_scanning
from loans.views.attachments import attachment
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.requests import PortalRequest

View = Callable[..., HttpResponseBase]


def _capped(view: View) -> View:
    """The cap must stand before anything reads the form: so the token is looked for only after it was set.

    Nor is anything read of what somebody sends who has nothing to send here.
    """
    checked = csrf_protect(view)

    @wraps(view)
    def capping(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return checked(request, *args, **kwargs)
        access_scanning(request.actor, access_request(request.actor, kwargs["number"]))
        cap = cap_uploads(request)
        try:
            request.POST  # noqa: B018  reads the body, up to the cap
        except (MultiPartParserError, UnreadablePostError):
            return HttpResponse(status=400)
        except (OSError, StopUpload):  # the disk filled up, or the cap was met before the first byte
            cap.full = cap.full or not cap.too_large
        if cap.too_large or cap.full:
            messages.error(request, _too_large() if cap.too_large else str(DiskFull()))
            return _refused(request, kwargs["number"], status=413 if cap.too_large else 507)
        return checked(request, *args, **kwargs)

    return csrf_exempt(capping)


def _refused(request: PortalRequest, number: str, *, status: int) -> HttpResponse:
    """The page with the reason. Browsers send all they have before they read an answer: a small surplus is taken from
    the line and dropped, so that the page arrives; whoever sends far more finds the connection closed."""
    drop_surplus(request)
    loan = access_request(request.actor, number)
    attempt = access_scanning(request.actor, loan)
    return _page(request, scan_page(loan, attempt, request.actor), ScanForm(), status=status)


def _too_large() -> str:
    return _(
        "These files are larger, or more, than one form takes: %(size)s MB together, %(count)s files."
        " Nothing was taken. Please send them one after the other."
    ) % {"size": settings.COPY_MAX_BYTES // 1024**2, "count": FILES.now()}


@capability_required(Capability.SUPPLY_MANAGE)
@_capped
def copy_scan(request: PortalRequest, number: str) -> HttpResponse:
    """GET shows what is here; POST takes the files of the plain form, each on its own."""
    loan = access_request(request.actor, number)
    attempt = access_scanning(request.actor, loan)
    if request.method != "POST":
        return _page(request, scan_page(loan, attempt, request.actor), ScanForm())
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, scan_page(loan, attempt, request.actor), form, status=400)
    taken = 0
    for upload in form.cleaned_data["scans"]:
        try:
            upload_whole(attempt=attempt, upload=upload, actor=request.actor)
            taken += 1
        except RuleViolation as refused:
            messages.error(request, f"{upload.name}: {refused}")
    if taken:
        said = ngettext("%(count)s file is here.", "%(count)s files are here.", taken) % {"count": taken}
        messages.success(request, said)
    return redirect("loans:copy_scan", number=number)


def _page(request: PortalRequest, page: ScanPage, form: ScanForm, status: int = 200) -> HttpResponse:
    return render(request, "loans/upload.html", {"page": page, "form": form}, status=status)


@capability_required(Capability.SUPPLY_MANAGE)
def copy_part(request: PortalRequest, number: str) -> HttpResponse:
    """PUT one part of a file (Content-Range); answers in JSON how far it is, 409 with where to go on."""
    loan = access_request(request.actor, number)
    attempt = access_scanning(request.actor, loan)
    part = parse_range(request.headers.get("Content-Range", ""))
    key, name = request.GET.get("key", ""), request.GET.get("name", "")
    if request.method != "PUT" or part is None or not (key.isalnum() and len(key) <= 40):
        return JsonResponse({"code": "bad_part", "message": _("This is no part of a file.")}, status=400)
    try:
        progress = upload_part(
            attempt=attempt, key=key, name=name, part=part, source=request, actor=request.actor
        )
    except OutOfStep as step:
        return JsonResponse({"code": step.code, "received": step.received}, status=409)
    except RuleViolation as refused:
        status = 507 if refused.code == "disk_full" else 422
        return JsonResponse({"code": refused.code, "message": str(refused)}, status=status)
    return JsonResponse(
        {"received": progress.received, "total": progress.total, "done": progress.file is not None}
    )


@capability_required(Capability.SUPPLY_MANAGE)
def copy_remove(request: PortalRequest, number: str, pk: int) -> HttpResponse:
    """Take one file out again. A GET (a reload) leads back."""
    loan = access_request(request.actor, number)
    access_scanning(request.actor, loan)
    if request.method == "POST":
        file = access_file(request.actor, loan, pk)
        try:
            file_remove(file=file)
        except Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, _("%(name)s is deleted.") % {"name": file.name})
    return redirect("loans:copy_scan", number=number)


@capability_required(Capability.REQUEST_MANAGE, Capability.SUPPLY_MANAGE)
def copy_file(request: PortalRequest, number: str, pk: int) -> HttpResponseBase:
    """One scan, for the library that makes it or the one that checks it."""
    loan: Request = access_request(request.actor, number)
    return attachment(access_file(request.actor, loan, pk))
