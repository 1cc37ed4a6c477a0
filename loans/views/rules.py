"""The coordinator's pages of copyright rules: which count, what was, new versions, licences, whose law counts where."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from loans.copyright.offers import offer_remove, offer_save
from loans.copyright.seed import parsed
from loans.copyright.versions import (
    jurisdiction_set,
    rules_checked,
    ruleset_add,
    ruleset_checked,
    ruleset_remove,
)
from loans.forms.rules import CheckedForm, JurisdictionForm, LicenceForm, RulesFileForm, RulesForm
from loans.models import CopyrightRuleSet, LicenceOffer
from loans.presenters.rules import rules_page, version_page
from loans.selectors.rules import jurisdictions, licences, networks_and_law, ruleset_of
from members.access import access_one
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

manages = capability_required(Capability.NETWORK_MANAGE)


@manages
def copy_rules(request: PortalRequest) -> HttpResponse:
    """Which rules count now, the versions before and after, and each network's law; POST changes the law of one."""
    choices = jurisdictions(get_language() or "id")
    posted = request.POST if request.method == "POST" else None
    forms = [
        (network, JurisdictionForm(posted if _meant(posted, network.pk) else None, network=network, choices=choices))
        for network in networks_and_law()
    ]  # fmt: skip
    for network, form in forms:
        if form.is_bound and form.is_valid():
            jurisdiction_set(network=network, actor=request.actor, **form.cleaned_data)
            messages.success(request, _("%(network)s: saved.") % {"network": network.name})
            return redirect("loans:copy_rules")
    page = rules_page(get_language() or "id")
    return render(
        request, "loans/copy_rules.html", {"page": page, "forms": [form for _network, form in forms]}
    )


def _meant(posted: Any, pk: int) -> bool:
    return posted is not None and f"n{pk}-jurisdiction" in posted


@manages
def copy_ruleset(request: PortalRequest, jurisdiction: str, version: int) -> HttpResponse:
    """One version in plain sentences; POST notes a lawyer's check, or takes an unused version back."""
    row = ruleset_of(jurisdiction, version)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, row)
    form = CheckedForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        ruleset_checked(row=row, by=given["by"], on=given["on"], actor=request.actor)
        messages.success(request, _("The lawyer's check is noted."))
        return redirect("loans:copy_ruleset", jurisdiction=jurisdiction, version=version)
    page = version_page(row, get_language() or "id")
    return render(request, "loans/copy_ruleset.html", {"page": page, "form": form})


def _remove(request: PortalRequest, row: CopyrightRuleSet) -> HttpResponse:
    try:
        ruleset_remove(row=row, actor=request.actor)
    except RuleViolation as refused:
        messages.error(request, str(refused))
        return redirect("loans:copy_ruleset", jurisdiction=row.jurisdiction, version=row.version)
    messages.success(request, _("The version is taken back."))
    return redirect("loans:copy_rules")


@manages
def copy_ruleset_file(request: PortalRequest, jurisdiction: str, version: int) -> HttpResponse:
    """A version as the JSON file it is, to be changed and sent back."""
    row = ruleset_of(jurisdiction, version)
    response = HttpResponse(
        json.dumps(row.rules, ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{row.jurisdiction}-{row.version}.json"'
    return response


@manages
def copy_rules_new(request: PortalRequest, jurisdiction: str, version: int) -> HttpResponse:
    """A new version made of one that is here. "check" shows it in sentences first, "save" adds it."""
    row = ruleset_of(jurisdiction, version)
    form = RulesForm(request.POST or None, base=row.rules, rules=parsed(row))
    checked = None
    if form.is_bound and form.is_valid():
        try:
            if "save" in request.POST:
                return _added(request, form.as_data())
            checked = rules_checked(form.as_data())
        except RuleViolation as refused:
            form.add_error("valid_from" if refused.code == "valid_from_past" else None, str(refused))
    page = version_page(row, get_language() or "id", instead=checked)
    return render(request, "loans/copy_rules_new.html", {"page": page, "form": form, "checked": checked})


@manages
def copy_rules_upload(request: PortalRequest) -> HttpResponse:
    """A whole version as a JSON file; what is wrong is told with its place."""
    form = RulesFileForm(request.POST or None, request.FILES or None, label_suffix="")
    if form.is_bound and form.is_valid():
        try:
            return _added(request, form.cleaned_data["file"])
        except RuleViolation as refused:
            form.add_error("file", str(refused))
    return render(request, "loans/copy_rules_upload.html", {"form": form})


def _added(request: PortalRequest, raw: dict[str, Any]) -> HttpResponse:
    row = ruleset_add(raw=raw, actor=request.actor)
    messages.success(request, _("The new version is here."))
    return redirect("loans:copy_ruleset", jurisdiction=row.jurisdiction, version=row.version)


@manages
def copy_licences(request: PortalRequest) -> HttpResponse:
    return render(request, "loans/copy_licences.html", {"offers": licences()})


@manages
def copy_licence_new(request: PortalRequest) -> HttpResponse:
    return _licence(request, None)


@manages
def copy_licence(request: PortalRequest, pk: int) -> HttpResponse:
    offer = access_one(licences(), pk=pk)
    if request.method == "POST" and "remove" in request.POST:
        offer_remove(offer=offer, actor=request.actor)
        messages.success(request, _("The licence is removed."))
        return redirect("loans:copy_licences")
    return _licence(request, offer)


def _licence(request: PortalRequest, offer: LicenceOffer | None) -> HttpResponse:
    form = LicenceForm(request.POST or None, instance=offer, choices=jurisdictions(get_language() or "id"))
    if form.is_bound and form.is_valid():
        try:
            offer_save(actor=request.actor, offer=offer, **form.cleaned_data)
        except RuleViolation as refused:
            form.add_error("identifier", str(refused))
        else:
            messages.success(request, _("The licence is saved."))
            return redirect("loans:copy_licences")
    return render(request, "loans/copy_licence.html", {"form": form, "offer": offer})
