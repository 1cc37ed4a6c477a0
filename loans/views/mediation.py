"""What goes out without a librarian's look: the rules of the own library."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from loans.forms.mediation import MediationForm
from loans.models import MediationRule
from loans.presenters.mediation import rule_lines, trusted_sentence
from loans.selectors.mediation import rules_of, trusted_of
from loans.selectors.offers import home_library
from loans.services.mediation import rule_remove, rule_save
from members.access import access_one
from members.decorators import capability_required
from members.models import Library
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.RULES_EDIT)
def mediation_rules(request: PortalRequest) -> HttpResponse:
    library = _own(request)
    page = {
        "library": library, "lines": rule_lines(rules_of(library.pk)),
        "trusted": trusted_sentence(trusted_of(library.pk)),
    }  # fmt: skip
    return render(request, "loans/mediation_rules.html", page)


@capability_required(Capability.RULES_EDIT)
def mediation_new(request: PortalRequest) -> HttpResponse:
    return _form(request, None)


@capability_required(Capability.RULES_EDIT)
def mediation_rule(request: PortalRequest, pk: int) -> HttpResponse:
    rule = access_one(rules_of(request.actor.library_id), pk=pk)
    if request.method == "POST" and "remove" in request.POST:
        rule_remove(rule=rule, actor=request.actor)
        messages.success(request, _("The rule is removed."))
        return redirect("loans:mediation_rules")
    return _form(request, rule)


def _form(request: PortalRequest, rule: MediationRule | None) -> HttpResponse:
    library = _own(request)
    form = MediationForm(request.POST or None, instance=rule, library=library)
    if request.method == "POST" and form.is_valid():
        rule_save(library=library, actor=request.actor, rule=rule, **form.cleaned_data)
        messages.success(request, _("The rule is saved."))
        return redirect("loans:mediation_rules")
    return render(request, "loans/mediation_rule.html", {"form": form, "rule": rule})


def _own(request: PortalRequest) -> Library:
    library = home_library(request.actor.library_id)
    if library is None:
        raise Http404
    return library
