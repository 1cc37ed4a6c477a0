"""Shared documents: the list, one of them, its files, and what their library and the coordinator do with them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.access import access_one
from members.choices_knowledge import Audience
from members.decorators import capability_required
from members.knowledge.access import moderates, shares
from members.knowledge.files import items_file
from members.knowledge.forms.items import ContentForm, FindForm, ItemForm, ReasonForm
from members.knowledge.selectors.items import (
    ItemQuery,
    item_libraries,
    items_changeable_by,
    items_found,
    items_visible_to,
    versions_of,
)
from members.knowledge.services import items as services
from members.knowledge.store import full_path
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.lists import rows_answer
from network_portal.core.requests import PortalRequest, typed

PAGE_SIZE = 25


@require_safe
def item_list(request: PortalRequest) -> HttpResponseBase:
    form = FindForm(request.GET or None, libraries=list(item_libraries(request.actor)))
    asked = _asked(form)
    if request.GET.get("format") == "csv":
        return rows_answer(items_file(), items_found(request.actor, asked))
    page = Paginator(items_found(request.actor, asked), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "may_share": shares(request.actor),
        "narrowed": any(value for name, value in vars(asked).items() if name != "sort"),
    }  # fmt: skip
    return render(request, "members/knowledge/items.html", context)


def _asked(form: FindForm) -> ItemQuery:
    if not form.is_bound:
        return ItemQuery()
    form.is_valid()  # what does not fit is left out
    data = form.cleaned_data
    return ItemQuery(
        words=typed(data.get("q", "")), kind=data.get("kind", ""), topic=data.get("topic", ""),
        language=data.get("language", ""), library=data.get("library", ""), sort=data.get("sort", ""),
    )  # fmt: skip


@require_safe
def item_page(request: PortalRequest, pk: int) -> HttpResponse:
    item = access_one(items_visible_to(request.actor), pk=pk)
    versions = versions_of(item)
    context = {
        "item": item, "current": versions[0], "older": versions[1:],
        "may_change": access_to_change(request, pk), "may_moderate": moderates(request.actor),
        "staff": shares(request.actor),
    }  # fmt: skip
    return render(request, "members/knowledge/item.html", context)


def access_to_change(request: PortalRequest, pk: int) -> bool:
    try:
        access_one(items_changeable_by(request.actor), pk=pk)
    except Http404:
        return False
    return True


@require_safe
def item_file(request: PortalRequest, pk: int, number: int) -> HttpResponseBase:
    """Always as an attachment, of the kind that was seen in it, and unable to do anything should a browser open it."""
    item = access_one(items_visible_to(request.actor), pk=pk)
    version = next((one for one in versions_of(item) if one.number == number and one.stored), None)
    if version is None:
        raise Http404
    try:
        file = full_path(version.stored).open("rb")
    except OSError as error:
        raise Http404 from error
    if request.method == "GET":
        services.download_count(item=item)
    response = FileResponse(file, as_attachment=True, filename=version.file_name, content_type=version.mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if item.audience != Audience.PUBLIC or item.hidden_at:
        response["Cache-Control"] = "private, no-store"
    return response


@capability_required(Capability.KNOWLEDGE_SHARE)
def item_new(request: PortalRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = ItemForm(request.POST if posted else None, initial={"audience": Audience.STAFF})
    content = ContentForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid() & content.is_valid():
        try:
            item = services.item_share(actor=request.actor, content=content.content, values=form.cleaned_data)
        except RuleViolation as refusal:
            content.add_error("file" if refusal.code.startswith("file_") else None, str(refusal))
        else:
            messages.success(request, _("Shared. Thank you."))
            return redirect("knowledge:item", item.pk)
    context = {"form": form, "content": content, "item": None}
    wrong = form.errors or content.errors
    return render(request, "members/knowledge/item_form.html", context, status=422 if wrong else 200)


@capability_required(Capability.KNOWLEDGE_SHARE)
def item_edit(request: PortalRequest, pk: int) -> HttpResponse:
    item = access_one(items_changeable_by(request.actor), pk=pk)
    initial = {name: getattr(item, name) for name in services.FIELDS}
    form = ItemForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.item_change(item=item, actor=request.actor, values=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("knowledge:item", item.pk)
    context = {"form": form, "item": item}
    return render(request, "members/knowledge/item_form.html", context, status=422 if form.errors else 200)


@capability_required(Capability.KNOWLEDGE_SHARE)
def version_new(request: PortalRequest, pk: int) -> HttpResponse:
    item = access_one(items_changeable_by(request.actor), pk=pk)
    posted = request.method == "POST"
    form = ContentForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        try:
            services.version_add(item=item, actor=request.actor, content=form.content)
        except RuleViolation as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("The new version is there; the older one is kept."))
            return redirect("knowledge:item", item.pk)
    context = {"form": form, "item": item}
    return render(request, "members/knowledge/version_form.html", context, status=422 if form.errors else 200)


@capability_required(Capability.NETWORK_MANAGE)
def item_hide(request: PortalRequest, pk: int) -> HttpResponse:
    """Asks for the reason first."""
    item = access_one(items_visible_to(request.actor), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.item_hide(item=item, actor=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Hidden. Its library sees the reason."))
        return redirect("knowledge:item", item.pk)
    context = {"form": form, "what": item.title, "back": reverse("knowledge:item", args=[pk])}
    return render(request, "members/knowledge/hide.html", context, status=422 if form.errors else 200)


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def item_show(request: PortalRequest, pk: int) -> HttpResponse:
    services.item_show(item=access_one(items_visible_to(request.actor), pk=pk), actor=request.actor)
    messages.success(request, _("It is shown again."))
    return redirect("knowledge:item", pk)
