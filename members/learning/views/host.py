"""What the host does: propose, change, take steps, decide about people, mark who was there, make certificates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.access import access_public_library
from members.decorators import capability_required
from members.learning import selectors
from members.learning.access import (
    access_hosted,
    access_registration,
    access_session,
    side_of,
)
from members.learning.attendance import attendance_mark
from members.learning.certificates import certificates_issue, hours_of, is_missing
from members.learning.evaluations import results_of
from members.learning.forms import (
    MeetingFormSet,
    ProgrammeForm,
    ReasonForm,
    initial_of,
    meetings_initial,
    meetings_of,
)
from members.learning.paper import pdf_available
from members.learning.places import registration_agree, registration_refuse
from members.learning.present import people_csv, places_told, programmes_csv
from members.learning.programmes import programme_change, programme_propose, rule_set, step_take
from members.learning.times import session_told
from members.learning.workflow import BY_ACTION
from members.models import Programme
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest, whole_number

C = Capability


@capability_required(C.LEARNING_HOST)
def propose(request: PortalRequest) -> HttpResponse:
    if request.actor.library_id is None:
        raise Http404
    library = request.working.current.library
    first = {
        "time_zone": library.time_zone, "roles": ["librarian", "manager", "coordinator"], "place": library.address,
        "signer": "",
    }  # fmt: skip
    return _programme_form(request, None, first)


@capability_required(C.LEARNING_HOST, C.NETWORK_MANAGE)
def change(request: PortalRequest, pk: int) -> HttpResponse:
    programme = access_hosted(request.actor, pk)
    return _programme_form(request, programme, initial_of(programme))


def _programme_form(
    request: PortalRequest, programme: Programme | None, first: dict[str, Any]
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = ProgrammeForm(posted, initial=first)
    days = MeetingFormSet(posted, prefix="day", initial=meetings_initial(programme) if programme else None)
    if posted is not None and form.is_valid() and days.is_valid():
        values = {**form.cleaned_data, "meetings": meetings_of(days, form.cleaned_data["time_zone"])}
        try:
            if programme is None:
                programme = programme_propose(
                    host=request.working.current.library, actor=request.actor, **values
                )
            else:
                programme = programme_change(programme=programme, actor=request.actor, **values)
        except RuleViolation as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The programme is saved."))
            return redirect("members:learning_programme", pk=programme.pk)
    context = {"form": form, "days": days, "programme": programme}
    return render(request, "members/learning/form.html", context)


@capability_required(C.LEARNING_HOST, C.NETWORK_MANAGE)
def step(request: PortalRequest, pk: int, action: str) -> HttpResponse:
    """A page that says what the step means, and asks for the reason where others read one."""
    programme = access_hosted(request.actor, pk)
    chosen = BY_ACTION.get(action)
    if chosen is None:
        raise Http404
    form = ReasonForm(request.POST or None) if chosen.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        step_take(programme=programme, action=action, actor=request.actor, reason=reason)
        messages.success(request, _("Done: %(step)s.") % {"step": chosen.label})
        return redirect("members:learning_programme", pk=pk)
    context = {"programme": programme, "step": chosen, "form": form}
    return render(request, "members/learning/step.html", context)


@capability_required(C.LEARNING_HOST, C.NETWORK_MANAGE)
def people(request: PortalRequest, pk: int) -> HttpResponseBase:
    programme = access_hosted(request.actor, pk)
    rows = selectors.registrations_of(programme)
    if request.GET.get("format") == "csv":
        return people_csv(programme, rows)
    told = [(one, hours_of(one)) for one in rows]
    context = {
        "programme": programme, "rows": told, "places": places_told(programme),
        "missing": any(is_missing(one, hours) for one, hours in told),
        "sessions": [(one, session_told(programme, one)) for one in selectors.sessions_of(programme)],
        "pdf": pdf_available(), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "members/learning/people.html", context)


@capability_required(C.LEARNING_HOST, C.NETWORK_MANAGE)
def attendance(request: PortalRequest, pk: int, session_pk: int) -> HttpResponse:
    programme = access_hosted(request.actor, pk)
    session = access_session(programme, session_pk)
    if request.method == "POST":
        ids = {whole_number(text) or 0 for text in request.POST.getlist("present")}
        n = attendance_mark(session=session, present=ids, actor=request.actor)
        messages.success(request, _("Saved: %(n)s were there.") % {"n": n})
        return redirect("members:learning_people", pk=pk)
    rows = [one for one in selectors.registrations_of(programme) if one.has_place]
    context = {
        "programme": programme, "session": session, "told": session_told(programme, session), "rows": rows,
        "present": selectors.present_ids(session),
    }  # fmt: skip
    return render(request, "members/learning/attendance.html", context)


@capability_required(C.LEARNING_HOST, C.NETWORK_MANAGE)
@require_POST
def certificates(request: PortalRequest, pk: int) -> HttpResponse:
    programme = access_hosted(request.actor, pk)
    made = certificates_issue(programme=programme, actor=request.actor)
    messages.success(request, _("Certificates made: %(n)s.") % {"n": made})
    return redirect("members:learning_people", pk=pk)


@capability_required(C.LEARNING_HOST, C.NETWORK_MANAGE)
def results(request: PortalRequest, pk: int) -> HttpResponse:
    programme = access_hosted(request.actor, pk)
    answers, words = results_of(programme)
    context = {"programme": programme, "answers": answers, "words": words,
               "count": selectors.evaluation_count(programme)}  # fmt: skip
    return render(request, "members/learning/results.html", context)


@capability_required(C.LEARNING_AGREE, C.LEARNING_HOST, C.NETWORK_MANAGE)
def decide(request: PortalRequest, pk: int) -> HttpResponse:
    """Yes or no to one person, by the host or the sending library's manager."""
    row = access_registration(request.actor, pk)
    side = side_of(request.actor, row)
    form = ReasonForm(request.POST if request.POST.get("answer") == "no" else None)
    if request.method == "POST":
        done = request.POST.get("answer") == "yes"
        if done:
            registration_agree(registration=row, side=side, actor=request.actor)
        elif form.is_valid():
            registration_refuse(registration=row, actor=request.actor, reason=form.cleaned_data["reason"])
            done = True
        if done:
            messages.success(request, _("Saved. %(name)s gets a letter.") % {"name": row.user})
            return redirect("members:learning_host")
    return render(request, "members/learning/decide.html", {"row": row, "side": side, "form": form})


@capability_required(C.LEARNING_HOST)
def home(request: PortalRequest) -> HttpResponseBase:
    """The own library's page: whom to decide about, what it gives, whether it is asked first."""
    library_id = request.actor.library_id
    if request.GET.get("format") == "csv":
        return programmes_csv(selectors.programmes_of_host(library_id))
    may_agree = request.actor.can(C.LEARNING_AGREE)
    context = {
        "sending": selectors.registrations_waiting_for_sender(library_id) if may_agree else [],
        "coming_in": selectors.registrations_waiting_for_host(library_id),
        "rows": [(one, places_told(one)) for one in selectors.programmes_of_host(library_id)[:100]],
        "may_agree": may_agree, "asks": selectors.library_asks(library_id),
        "soon": timezone.now() + timedelta(days=14),
    }  # fmt: skip
    return render(request, "members/learning/host.html", context)


@capability_required(C.LEARNING_AGREE)
@require_POST
def asked_first(request: PortalRequest) -> HttpResponse:
    library = access_public_library(request.actor, request.working.current.library.short_code)
    rule_set(actor=request.actor, library=library, ask_sender="ask" in request.POST)
    messages.success(request, _("Saved."))
    return redirect("members:learning_host")
