"""What everybody may read: the list, the calendar, one programme, the feeds."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from members.learning import calendars, selectors
from members.learning.access import access_programme, runs
from members.learning.evaluations import may_evaluate
from members.learning.forms import ProgrammeFilter
from members.learning.places import why_not
from members.learning.present import places_told, programme_facts, programmes_csv
from members.learning.times import sessions_told
from members.learning.workflow import NETWORK, steps_from
from members.permissions import Capability
from network_portal.core.ratelimit import limited
from network_portal.core.requests import PortalRequest

PAGE_SIZE = 25
MOST_IN_A_FILE = 5000


def programme_list(request: PortalRequest) -> HttpResponseBase:
    listed = ProgrammeFilter(request.GET, queryset=selectors.programmes_visible_to(request.actor))
    if request.GET.get("format") == "csv":
        return programmes_csv(listed.found()[:MOST_IN_A_FILE])
    page = Paginator(listed.found(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": listed, "page": page, "rows": [(one, places_told(one)) for one in page],
        "may_propose": request.actor.can(Capability.LEARNING_HOST),
    }  # fmt: skip
    return render(request, "members/learning/list.html", context)


def programme_detail(request: PortalRequest, pk: int) -> HttpResponse:
    programme = access_programme(request.actor, pk)
    mine = selectors.registration_of(programme, request.actor.user_id)
    hosts = runs(request.actor, programme)
    network = request.actor.can(Capability.NETWORK_MANAGE)
    refusal = why_not(programme, request.actor)
    steps = steps_from(programme.status, host=hosts, network=network)
    context = {
        "programme": programme,
        "facts": programme_facts(programme, inside=hosts or bool(mine and mine.has_place)),
        "sessions": sessions_told(programme), "mine": mine, "runs": hosts,
        "steps": [one for one in steps if one.by != NETWORK], "decisions": [one for one in steps if one.by == NETWORK],
        "refusal": refusal[1] if refusal else "", "anonymous": request.actor.user_id is None,
        "is_full": programme.places is not None and getattr(programme, "taken", 0) >= programme.places,
        "may_evaluate": mine is not None and may_evaluate(mine),
    }  # fmt: skip
    return render(request, "members/learning/programme.html", context)


def month(request: PortalRequest) -> HttpResponse:
    first = calendars.month_of(request.GET.get("month", ""))
    sessions = calendars.sessions_of_month(first)
    weeks = calendars.month_grid(first.year, first.month, sessions)
    listed = [day for week in weeks for day in week if day.in_month and day.sessions]
    context = {
        "first": first, "weeks": weeks, "days": listed,
        "before": first - timedelta(days=1), "after": (first + timedelta(days=31)).replace(day=1),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "members/learning/calendar.html", context)


@limited("learning-feed", per_minute=30, burst=20)
def feed(request: PortalRequest) -> HttpResponse:
    return _ics(calendars.feed_public(), "calendar")


def feed_programme(request: PortalRequest, pk: int) -> HttpResponse:
    programme = access_programme(request.actor, pk)
    return _ics(calendars.feed_of_programme(programme), f"programme-{pk}")


@limited("learning-feed", per_minute=30, burst=20)
def feed_own(request: PortalRequest, token: str) -> HttpResponse:
    """By the secret link alone: calendar programs do not log in."""
    user_id = calendars.own_link_read(token)
    if user_id is None:
        raise Http404
    answer = _ics(calendars.feed_of_person(user_id), "mine")
    answer["Cache-Control"] = "private, no-store"
    return answer


def _ics(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return answer
