"""A network's own page: its words and picture, its figures, and the way to all its members."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.selectors.editions import titles_of_libraries
from loans.selectors.figures import loans_of_libraries
from members.access import access_one
from members.decorators import capability_required
from members.knowledge.forms.news import PageForm
from members.knowledge.selectors.items import items_visible_to
from members.knowledge.selectors.news import (
    network_libraries,
    networks_active,
    news_visible_to,
    page_of,
    pages_of,
)
from members.knowledge.selectors.questions import questions_visible_to
from members.knowledge.services import news as services
from members.knowledge.store import full_path
from members.models import Library, Network
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest

FIGURES_SECONDS = 900
TEXTS = ("text_id", "text_en", "picture_alt")


def _network(code: str) -> Network:
    return access_one(networks_active(), code__iexact=code)


@require_safe
def network_home(request: PortalRequest, code: str) -> HttpResponse:
    network = _network(code)
    libraries = list(network_libraries(network))
    context = {
        "network": network, "page": page_of(network), "libraries": libraries,
        "figures": _figures(network, libraries), "news": news_visible_to(request.actor)[:3],
        "items": items_visible_to(request.actor)[:4], "questions": questions_visible_to(request.actor)[:4],
        "may_edit": request.actor.can(Capability.NETWORK_MANAGE),
    }  # fmt: skip
    return render(request, "pages/network.html", context)


def _figures(network: Network, libraries: Sequence[Library]) -> dict[str, int]:
    """What these libraries hold and sent this month; at most a quarter of an hour old."""
    key = f"network.figures.{network.pk}"
    figures: dict[str, int] | None = cache.get(key)
    if figures is None:
        ids = [library.pk for library in libraries]
        figures = {"titles": titles_of_libraries(ids), "loans": loans_of_libraries(ids)}
        cache.set(key, figures, FIGURES_SECONDS)
    return figures


@require_safe
def picture(request: PortalRequest, code: str, number: int) -> HttpResponseBase:
    """Of one version of the page; it was looked at when it was stored."""
    page = access_one(pages_of(_network(code)), number=number)
    if not page.picture:
        raise Http404
    try:
        file = full_path(page.picture).open("rb")
    except OSError as error:
        raise Http404 from error
    kind = "image/png" if file.read(4) == b"\x89PNG" else "image/jpeg"
    file.seek(0)
    response = FileResponse(file, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=86400"
    return response


@capability_required(Capability.NETWORK_MANAGE)
def page_edit(request: PortalRequest, code: str) -> HttpResponse:
    """With `preview`, the texts are shown as they would stand there and nothing is saved."""
    network = _network(code)
    page = page_of(network)
    initial: dict[str, object] = {"number": page.number if page else 0}
    if page:
        initial |= {name: getattr(page, name) for name in TEXTS}
    posted = request.method == "POST"
    form = PageForm(request.POST if posted else None, request.FILES if posted else None, initial=initial)
    shown = None
    if posted and form.is_valid():
        data = form.cleaned_data
        if "preview" in request.POST:
            shown = [
                (language, data[f"text_{language}"]) for language in ("id", "en") if data[f"text_{language}"]
            ]
        else:
            try:
                services.page_save(
                    network=network, actor=request.actor, values={name: data[name] for name in TEXTS},
                    number=data["number"], picture=data["picture"] or None, drop_picture=data["drop_picture"],
                )  # fmt: skip
            except RuleViolation as refusal:
                form.add_error("picture_alt" if refusal.code == "alt_missing" else None, str(refusal))
            else:
                messages.success(request, _("The page is saved. Former versions are kept."))
                return redirect("network:home", network.code)
    context = {"network": network, "form": form, "shown": shown, "pages": pages_of(network)[:20]}
    return render(request, "pages/network_edit.html", context, status=422 if form.errors else 200)


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def page_restore(request: PortalRequest, code: str, number: int) -> HttpResponse:
    page = access_one(pages_of(_network(code)), number=number)
    services.page_restore(page=page, actor=request.actor)
    messages.success(request, _("The former version counts again."))
    return redirect("network:home", code)
