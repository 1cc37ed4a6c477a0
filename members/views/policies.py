"""A library's terms: the overview, the form of each service, and the lists that go with them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, ProtectedError
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.access import access_library, access_one
from members.choices import ServiceKind
from members.decorators import capability_required
from members.forms_policies import PolicyForm
from members.models import Library
from members.permissions import Capability
from members.policy_parts import BY_KEY, PARTS, PolicyPart
from members.presenters_policies import policy_facts
from members.selectors.policies import policies_of, policy_of, rows_of
from members.services import policies as services
from network_portal.core.requests import PortalRequest


@capability_required(Capability.LIBRARY_EDIT)
def policies(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    context = {
        "library": library,
        "services": [(policy, policy_facts(policy)) for policy in policies_of(library)],
        "parts": [
            (part, [(row, part.words(row)) for row in rows_of(part.model, library)], _may(request, part))
            for part in PARTS
        ],
    }
    return render(request, "members/policies.html", context)


@capability_required(Capability.LIBRARY_EDIT)
def policy_edit(request: PortalRequest, code: str, service: str) -> HttpResponse:
    library = access_library(request.actor, code)
    if service not in ServiceKind.values:
        raise Http404
    form = PolicyForm(request.POST or None, instance=policy_of(library, service), library=library)
    if (
        request.method == "POST"
        and form.is_valid()
        and _saved(form, _policy_saver(request, library, service))
    ):
        messages.success(request, _("The terms are saved. They count for new requests."))
        return redirect("members:policies", code=library.short_code)
    title = _("Terms for loans") if service == ServiceKind.LOAN else _("Terms for copies")
    return render(request, "members/policies_form.html", {"form": form, "library": library, "title": title})


@capability_required(Capability.LIBRARY_EDIT)
def part_new(request: PortalRequest, code: str, part: str) -> HttpResponse:
    return _part_form(request, code, part, None)


@capability_required(Capability.LIBRARY_EDIT)
def part_edit(request: PortalRequest, code: str, part: str, pk: int) -> HttpResponse:
    return _part_form(request, code, part, pk)


@capability_required(Capability.LIBRARY_EDIT)
@require_POST
def part_remove(request: PortalRequest, code: str, part: str, pk: int) -> HttpResponse:
    library, kind, row = _access_part(request, code, part, pk)
    try:
        services.part_remove(row=row, part=kind.key, library=library, actor=request.actor)
    except ProtectedError:
        messages.error(request, _("Money was charged under it, so it stays. Give it an end date instead."))
    else:
        messages.success(request, _("Removed."))
    return redirect("members:policies", code=library.short_code)


def _part_form(request: PortalRequest, code: str, key: str, pk: int | None) -> HttpResponse:
    library, kind, row = _access_part(request, code, key, pk)
    form = kind.form(request.POST or None, instance=row, library=library)  # type: ignore[call-arg]
    if request.method == "POST" and form.is_valid():

        def save(**fields: Any) -> None:
            services.part_save(row=row, part=kind.key, library=library, actor=request.actor, **fields)

        if _saved(form, save):
            messages.success(request, _("Saved. It counts for new requests."))
            return redirect("members:policies", code=library.short_code)
    context = {
        "form": form,
        "library": library,
        "title": kind.title if pk else kind.add,
        "row": row,
        "part": kind,
    }
    return render(request, "members/policies_form.html", context)


def _access_part(
    request: PortalRequest, code: str, key: str, pk: int | None
) -> tuple[Library, PolicyPart, Model]:
    """The library, the part and its row (a new one without pk); 404 for another library's, 403 for agreements."""
    library = access_library(request.actor, code)
    kind = BY_KEY.get(key)
    if kind is None:
        raise Http404
    if not _may(request, kind):
        raise PermissionDenied
    return library, kind, kind.model() if pk is None else access_one(rows_of(kind.model, library), pk=pk)


def _may(request: PortalRequest, part: PolicyPart) -> bool:
    return not part.of_network or request.actor.can(Capability.NETWORK_MANAGE)


def _policy_saver(request: PortalRequest, library: Library, service: str) -> Any:
    def save(**fields: Any) -> None:
        services.policy_save(library=library, service=service, actor=request.actor, **fields)

    return save


def _saved(form: BaseForm, save: Any) -> bool:
    """Write what the form holds; what the model refuses stands in the form."""
    try:
        save(**form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True
