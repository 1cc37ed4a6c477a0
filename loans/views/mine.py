"""A reader's own requests: where each one stands, what happens next, and the way to cancel."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from loans.access import access_own_request
from loans.choices import RequestStatus
from loans.forms.asking import DescribeForm, ReaderNoteForm
from loans.intake.checks import citation_of_request
from loans.models import Request
from loans.presenters.patron import PatronView, patron_card, patron_facts, patron_page
from loans.presenters.patron_steps import MONEY, cost_facts, follows, is_readers, label_of
from loans.selectors.patron import fix_asked
from loans.selectors.requests import events_of, requests_of_patron_ended, requests_of_patron_open
from loans.selectors.unread import unread_of_reader_by_request
from loans.services.fixing import reader_step, request_fix
from loans.workflow import engine
from loans.workflow.steps import ACTIONS
from loans.workflow.vocabulary import Form, Step
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.requests import PortalRequest, whole_number

PER_PAGE = 20


@login_required
def my_requests(request: PortalRequest) -> HttpResponse:
    """Open ones first, those that are over below."""
    rows = list(requests_of_patron_open(request.actor.user_id))
    page = Paginator(requests_of_patron_ended(request.actor.user_id), PER_PAGE).get_page(
        request.GET.get("page")
    )
    unread = unread_of_reader_by_request(row.pk for row in (*rows, *page))
    opened = [replace(patron_card(row, request.actor), unread=unread.get(row.pk, 0)) for row in rows]
    ended = [replace(patron_card(row), unread=unread.get(row.pk, 0)) for row in page]
    return render(request, "loans/my_requests.html", {"opened": opened, "ended": ended, "page": page})


@login_required
def my_request(request: PortalRequest, number: str) -> HttpResponse:
    """One request as a timeline in plain words."""
    row = access_own_request(request.actor, number)
    view = patron_page(row, list(events_of(row)), request.actor)
    return render(request, "loans/my_request.html", {"view": view, "facts": patron_facts(row)})


@login_required
def my_request_cancel(request: PortalRequest, number: str) -> HttpResponse:
    """Ask once, then cancel; a book that is already on its way can no longer be stopped, and the reader is told."""
    row = access_own_request(request.actor, number)
    if request.method == "POST":
        try:
            engine.transition(row, "cancel", request.actor)
        except RuleViolation as rule:
            said = _("This request is cancelled already.") if rule.code == "already_done" else str(rule)
            messages.info(request, said)
        else:
            messages.success(request, _("Your request is cancelled. Nothing more happens."))
        return redirect("loans:my_request", number=number)
    view = patron_page(row, [], request.actor)
    if not view.cancel_url:
        messages.info(request, _("This request can no longer be cancelled here. Please ask your library."))
        return redirect(view.url)
    return render(request, "loans/my_request_cancel.html", {"view": view, "step": ACTIONS["cancel"]})


@login_required
def my_request_step(request: PortalRequest, number: str, action: str) -> HttpResponse:
    """A step that is the reader's to take: asking for longer, saying yes or no to a price. Asks once, then takes it."""
    row = access_own_request(request.actor, number)
    view = patron_page(row, [], request.actor)
    if action == "fix" and row.status == RequestStatus.NEEDS_PATRON_FIX:
        return _fix(request, row, view)
    step = ACTIONS.get(action)
    if step is None or not is_readers(step):
        raise Http404
    form = ReaderNoteForm(request.POST or None) if step.form is Form.NOTE else None
    if request.method == "POST" and (form is None or form.is_valid()):
        return _take(request, row, step, form.cleaned_data["note"] if form is not None else "")
    if action not in {step.action for step in view.steps}:
        messages.info(request, _("This cannot be done with the request as it stands now."))
        return redirect(view.url)
    attempt = engine.live_attempt(row)
    page = {
        "view": view, "step": step, "label": label_of(step), "follows": follows(step, row, attempt), "form": form,
        "facts": cost_facts(row, attempt) if action in MONEY else [], "version": row.version,
    }  # fmt: skip
    return render(request, "loans/my_step.html", page)


def _take(request: PortalRequest, row: Request, step: Step, note: str) -> HttpResponse:
    """The version that the page showed goes along: a price that changed meanwhile is never agreed to."""
    try:
        reader_step(
            request=row, action=step.action, actor=request.actor, version=_version(request, row), note=note
        )
    except Conflict as conflict:
        level = messages.info if conflict.code == "already_done" else messages.warning
        level(request, str(conflict))
    except RuleViolation as rule:
        messages.warning(request, str(rule))
    else:
        messages.success(request, _("Done: %(step)s") % {"step": label_of(step)})
    return redirect("loans:my_request", number=row.number)


def _fix(request: PortalRequest, row: Request, view: PatronView) -> HttpResponse:
    """The whole description, to be completed or put right; what the library asked stands above it."""
    form = DescribeForm(request.POST or None, known=citation_of_request(row), everything=True)
    if request.method == "POST" and form.is_valid():
        try:
            request_fix(
                request=row, citation=form.citation(), actor=request.actor, version=_version(request, row)
            )
        except (Conflict, RuleViolation) as rule:
            messages.warning(request, str(rule))
        else:
            messages.success(request, _("Thank you. Your library looks at it again."))
        return redirect(view.url)
    asked = fix_asked(row)
    return render(
        request, "loans/my_fix.html", {"view": view, "form": form, "asked": asked, "version": row.version}
    )


def _version(request: PortalRequest, row: Request) -> int:
    """The version that the page showed."""
    return whole_number(request.POST.get("version", "")) or row.version
