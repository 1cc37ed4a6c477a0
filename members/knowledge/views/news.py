"""News: reading, putting away, and writing them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.access import access_one
from members.decorators import capability_required
from members.knowledge.access import moderates
from members.knowledge.files import news_file
from members.knowledge.filters import NewsFilter, NewsWriterFilter
from members.knowledge.forms.news import NewsForm
from members.knowledge.selectors.news import news_all, news_visible_to
from members.knowledge.services import news as services
from members.models import Announcement
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.lists import list_answer
from network_portal.core.requests import PortalRequest

PAGE_SIZE = 20


@require_safe
def news_list(request: PortalRequest) -> HttpResponseBase:
    """What is told now; who writes them also finds drafts, coming and past ones."""
    writes = moderates(request.actor)
    if writes:
        rows = news_all() if request.GET.get("state") else news_visible_to(request.actor)
        found: NewsFilter = NewsWriterFilter(request.GET, queryset=rows)
    else:
        found = NewsFilter(request.GET, queryset=news_visible_to(request.actor))
    return list_answer(
        request, "members/knowledge/news.html", found=found, csv=news_file(writes=writes), size=PAGE_SIZE,
        context=lambda _page: {"writes": writes, "staff": request.actor.can(Capability.KNOWLEDGE_SHARE)},
    )  # fmt: skip


@require_safe
def news_one(request: PortalRequest, pk: int) -> HttpResponse:
    rows = news_all() if moderates(request.actor) else news_visible_to(request.actor)
    context = {"news": access_one(rows, pk=pk), "writes": moderates(request.actor)}
    return render(request, "members/knowledge/news_one.html", context)


@capability_required(Capability.NETWORK_MANAGE)
def news_new(request: PortalRequest) -> HttpResponse:
    return _form(request, None)


@capability_required(Capability.NETWORK_MANAGE)
def news_edit(request: PortalRequest, pk: int) -> HttpResponse:
    return _form(request, access_one(news_all(), pk=pk))


def _form(request: PortalRequest, row: Announcement | None) -> HttpResponse:
    form = NewsForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.news_save(actor=request.actor, values=form.cleaned_data, news=row)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("knowledge:news_one", saved.pk)
    context = {"form": form, "news": row}
    return render(request, "members/knowledge/news_form.html", context, status=422 if form.errors else 200)


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def news_publish(request: PortalRequest, pk: int) -> HttpResponse:
    news = access_one(news_all(), pk=pk)
    published = request.POST.get("published") == "1"
    services.news_publish(news=news, actor=request.actor, published=published)
    messages.success(request, _("It is published.") if published else _("It is a draft again."))
    return redirect("knowledge:news_one", pk)


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def news_delete(request: PortalRequest, pk: int) -> HttpResponse:
    services.news_delete(news=access_one(news_all(), pk=pk), actor=request.actor)
    messages.success(request, _("The announcement is deleted."))
    return redirect("knowledge:news")


@require_POST
def news_dismiss(request: PortalRequest, pk: int) -> HttpResponse:
    news = access_one(news_visible_to(request.actor), pk=pk)
    if request.actor.is_authenticated:
        services.news_dismiss(news=news, actor=request.actor)
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "knowledge:news")
