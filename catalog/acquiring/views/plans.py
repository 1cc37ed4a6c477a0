"""Plans to buy: the network's list, one plan with its history, and marking, changing and taking back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.acquiring.forms import MarkForm, PlansForm, TitleForm
from catalog.acquiring.presenters import plan_rows, tabs
from catalog.acquiring.selectors import plans as selectors
from catalog.acquiring.selectors.wanted import wanted_of
from catalog.acquiring.services import plans as services
from members.access import access_one
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.csv_file import csv_answer
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

A_PAGE = 25


@capability_required(Capability.STATS_VIEW)
@require_safe
def plan_list(request: PortalRequest) -> HttpResponse:
    form = PlansForm(request.GET)
    page = Paginator(selectors.plans_shown(request.actor, **form.told()), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form, "page": page, "narrowed": form.narrowed(), "tabs": tabs(request.actor, "plans"),
        "may": request.actor.can(Capability.ACQUIRE), "overdue": selectors.overdue_count(request.actor),
    }  # fmt: skip
    return render(request, "catalog/acquiring/plans.html", context)


@capability_required(Capability.STATS_VIEW)
@require_safe
def plans_csv(request: PortalRequest) -> HttpResponseBase:
    rows = selectors.plans_shown(request.actor, **PlansForm(request.GET).told())
    header = [
        _("Library"), _("Title"), _("Author"), _("ISBN"), _("State"), _("Copies"), _("Expected by"), _("Price"),
        _("Note"),
    ]  # fmt: skip
    return csv_answer("purchase-plans", header, plan_rows(rows))


@capability_required(Capability.ACQUIRE)
def plan_new(request: PortalRequest) -> HttpResponse:
    """For an edition (?edition=), a wanted title (?wanted=), or one that is typed in."""
    subject = _subject(request)
    own = selectors.own_plan(subject.key, request.actor) if subject else None
    form = MarkForm(request.POST or None, initial=MarkForm.of(own) if own else MarkForm.fresh())
    typed = TitleForm(request.POST or None) if subject is None else None
    if request.method == "POST" and form.is_valid() and (typed is None or typed.is_valid()):
        try:
            chosen = subject or services.Subject(**(typed.cleaned_data if typed else {}))
            plan = services.plan_mark(subject=chosen, mark=form.mark, actor=request.actor)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Said. The staff of all libraries see it now."))
            return redirect("acquiring:plan", plan.pk)
    second = (
        selectors.second_thoughts(key=subject.key, edition=subject.edition, actor=request.actor)
        if subject
        else None
    )
    wrong = form.errors or (typed.errors if typed else None)
    context = {"form": form, "typed": typed, "subject": subject, "second": second, "own": own}
    return render(request, "catalog/acquiring/plan_form.html", context, status=422 if wrong else 200)


@capability_required(Capability.STATS_VIEW)
@require_safe
def plan_page(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access_one(selectors.plans_all(), pk=pk)
    mine = request.actor.can(Capability.ACQUIRE) and plan.library_id == request.actor.library_id
    second = (
        selectors.second_thoughts(key=plan.key, edition=plan.edition, actor=request.actor) if mine else None
    )
    context = {"plan": plan, "mine": mine, "second": second, "history": selectors.history_of(plan)}
    return render(request, "catalog/acquiring/plan.html", context)


@capability_required(Capability.ACQUIRE)
def plan_edit(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access_one(selectors.plans_own(request.actor), pk=pk)
    form = MarkForm(request.POST or None, initial=MarkForm.of(plan))
    if request.method == "POST" and form.is_valid():
        try:
            services.plan_change(plan=plan, mark=form.mark, actor=request.actor)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Changed."))
            return redirect("acquiring:plan", plan.pk)
    context = {"form": form, "plan": plan}
    return render(request, "catalog/acquiring/plan_form.html", context, status=422 if form.errors else 200)


@capability_required(Capability.ACQUIRE)
@require_POST
def plan_undo(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access_one(selectors.plans_own(request.actor), pk=pk)
    services.plan_undo(plan=plan, actor=request.actor)
    messages.success(request, _("The last mark is taken back."))
    return redirect("acquiring:plan", plan.pk)


@capability_required(Capability.ACQUIRE)
@require_POST
def plan_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access_one(selectors.plans_own(request.actor), pk=pk)
    services.plan_withdraw(plan=plan, actor=request.actor)
    messages.success(request, _("The plan is withdrawn."))
    return redirect("acquiring:plan", plan.pk)


def _subject(request: PortalRequest) -> services.Subject | None:
    """Raises Http404 for an edition or a wanted title that is not there."""
    edition, wanted = request.GET.get("edition", ""), request.GET.get("wanted", "")
    if not edition and not wanted:
        return None
    if (
        edition.isascii()
        and edition.isdigit()
        and len(edition) < 19
        and (found := selectors.edition_of(int(edition)))
    ):
        return services.Subject(found)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 and (line := wanted_of(int(wanted))):
        return services.subject_of_wanted(line)
    raise Http404
