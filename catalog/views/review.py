"""Deciding whether records describe one edition: the pairs that wait, one after another; by hand; what was decided."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog import selectors
from catalog.filters import DecisionFilter
from catalog.forms.review import FilterForm, JoinForm
from catalog.models import Edition, MatchDoubt
from catalog.presenters.report_tabs import report_tabs
from catalog.presenters.review import decision_cells, decision_header, keeps, side_by_side
from catalog.selectors import review
from catalog.selectors.doubts import doubts_of
from catalog.services.decisions import act_undo, decide_pair, editions_join, records_split
from catalog.views.undo import forget, tell, undo_offer
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.csv_file import csv_answer
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

PER_PAGE = 50


@capability_required(Capability.RECORD_MATCH)
def review_queue(request: PortalRequest) -> HttpResponse:
    """The likeliest pair, or the one after `after`; with how many are left."""
    form = FilterForm(request.GET)
    asked = form.asked
    after = _after(request)
    pair = review.next_pair(request.actor, asked, after)
    context = {
        "form": form, "filtered": any(vars(asked).values()), "tabs": report_tabs(request.actor, "review"),
        "left": review.pairs_left(request.actor, asked), "most": review.MOST_COUNTED, "skipped": after is not None,
        "undo": undo_offer(request), "pair": pair,
        "hubs": review.hubs() if request.actor.can(Capability.NETWORK_MANAGE) else [],
        "view": side_by_side(pair.one, pair.other, pair.why) if pair else None,
    }  # fmt: skip
    return render(request, "catalog/review.html", context)


def _after(request: PortalRequest) -> MatchDoubt | None:
    number = request.GET.get("after", "")
    try:
        return (
            review.access_pair(request.actor, int(number)) if number.isdigit() and len(number) < 18 else None
        )
    except Http404:
        return None


@capability_required(Capability.RECORD_MATCH)
@require_POST
def review_decide(request: PortalRequest, pk: int) -> HttpResponse:
    """Merge or keep apart, and on to the next pair; `skip` leaves it for another time."""
    pair = review.access_pair(request.actor, pk)
    said, query = request.POST.get("say", ""), FilterForm(request.POST).asked
    kept = {name: value for name, value in vars(query).items() if value}
    if said not in ("same", "apart", "skip"):
        messages.error(request, _("Choose one of the buttons."))
    elif said != "skip":
        try:
            act = decide_pair(
                one=pair.one, other=pair.other, same=said == "same", actor=request.actor,
                note=request.POST.get("note", ""),
            )  # fmt: skip
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
        else:
            tell(request, act, _("One edition now.") if said == "same" else _("They stay apart."))
    return redirect(f"{reverse('catalog:review')}?{urlencode({**kept, 'after': pk})}")


@capability_required(Capability.RECORD_MATCH)
def decisions(request: PortalRequest) -> HttpResponseBase:
    found = DecisionFilter(request.GET, queryset=review.acts_of(request.actor))
    if request.GET.get("format") == "csv":
        return csv_answer("decisions", decision_header(), decision_cells(review.acts_with_records(found.qs)))
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "filter": found, "rows": list(review.acts_with_records(page.object_list)),
        "tabs": report_tabs(request.actor, "review"),
    }  # fmt: skip
    return render(request, "catalog/decisions.html", context)


@capability_required(Capability.RECORD_MATCH)
@require_POST
def decision_undo(request: PortalRequest, pk: int) -> HttpResponse:
    act = review.access_act(request.actor, pk)
    try:
        act_undo(act=act, actor=request.actor)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. The records are where they were."))
    forget(request, pk)
    return redirect("catalog:decisions")


@capability_required(Capability.RECORD_MATCH)
def edition_split(request: PortalRequest, pk: int) -> HttpResponse:
    """Which records do not belong here."""
    edition = review.access_edition(request.actor, _current(pk))
    error = ""
    if request.method == "POST":
        numbers = [int(n) for n in request.POST.getlist("record") if n.isdigit() and len(n) < 18]
        try:
            act = records_split(
                edition=edition, numbers=numbers, actor=request.actor, note=request.POST.get("note", "")
            )
        except RuleViolation as refusal:
            error = str(refusal)
        else:
            tell(request, act, _("Taken out. The records are an edition of their own now."))
            return redirect("catalog:edition", edition.pk)
    records = selectors.records_of(edition)
    context = {
        "edition": edition,
        "records": records,
        "error": error,
        "chosen": request.POST.getlist("record"),
    }
    return render(request, "catalog/edition_split.html", context, status=422 if error else 200)


@capability_required(Capability.RECORD_MATCH)
def edition_join(request: PortalRequest, pk: int) -> HttpResponse:
    """The other edition is named, both are shown side by side, then they become one."""
    edition = review.access_edition(request.actor, _current(pk))
    form = JoinForm(request.POST or request.GET or None)
    context = {"edition": edition, "form": form, "perhaps": [] if form.is_bound else doubts_of(edition)}
    if form.is_bound and form.is_valid():
        other = _other(form, edition)
        if other is not None and request.method == "POST":
            try:
                act = editions_join(
                    edition=edition, other=other, actor=request.actor, note=request.POST.get("note", "")
                )
            except RuleViolation as refusal:
                form.add_error(None, str(refusal))
            else:
                tell(request, act, _("The two are one edition now."))
                return redirect("catalog:edition", keeps(edition, other)[0].pk)
        if other is not None:
            context |= _preview(edition, other)
    return render(request, "catalog/edition_join.html", context, status=422 if form.errors else 200)


def _other(form: JoinForm, edition: Edition) -> Edition | None:
    try:
        other = selectors.edition_current(form.cleaned_data["other"])
    except Edition.DoesNotExist:
        form.add_error("other", _("No edition has this number."))
        return None
    if other.pk == edition.pk:
        form.add_error("other", _("This is the same edition already."))
        return None
    return other


def _preview(edition: Edition, other: Edition) -> dict[str, object]:
    left, right = selectors.records_of(edition).first(), selectors.records_of(other).first()
    stays, leads = keeps(edition, other)
    view = side_by_side(left, right) if left and right else None
    return {"other": other, "stays": stays, "leads": leads, "view": view}


def _current(pk: int) -> Edition:
    try:
        return selectors.edition_current(pk)
    except Edition.DoesNotExist:
        raise Http404 from None
