"""Who knows what: the directory, one's own entry, and a message through the portal."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.access import access_one
from members.decorators import capability_required
from members.knowledge.files import experts_file
from members.knowledge.forms.questions import ExpertForm, FindExpertForm, WriteForm
from members.knowledge.selectors.experts import ExpertQuery, expert_of, experts_found, experts_visible_to
from members.knowledge.services import experts as services
from members.permissions import Capability
from network_portal.core.lists import rows_answer
from network_portal.core.ratelimit import limited
from network_portal.core.requests import PortalRequest, typed

PAGE_SIZE = 30


@capability_required(Capability.KNOWLEDGE_SHARE)
@require_safe
def expert_list(request: PortalRequest) -> HttpResponseBase:
    form, asked = FindExpertForm(request.GET or None), ExpertQuery()
    if form.is_bound:
        form.is_valid()
        data = form.cleaned_data
        chosen = (data.get(name, "") for name in ("topic", "language", "offer", "sort"))
        asked = ExpertQuery(typed(data.get("q", "")), *chosen)
    if request.GET.get("format") == "csv":
        return rows_answer(experts_file(), experts_found(request.actor, asked))
    page = Paginator(experts_found(request.actor, asked), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "own": expert_of(request.actor),
        "narrowed": replace(asked, sort="") != ExpertQuery(),
    }  # fmt: skip
    return render(request, "members/knowledge/experts.html", context)


@capability_required(Capability.KNOWLEDGE_SHARE)
def expert_own(request: PortalRequest) -> HttpResponse:
    row = expert_of(request.actor)
    initial = {"languages": ["id"], "offers": ["mail"]}
    if row:
        initial = {name: getattr(row, name) for name in ("topics", "languages", "offers", "about")} | {
            "consent": True
        }
    form = ExpertForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.expert_save(actor=request.actor, values=form.cleaned_data)
        messages.success(request, _("Your entry is in the directory."))
        return redirect("knowledge:experts")
    context = {"form": form, "row": row}
    return render(request, "members/knowledge/expert_form.html", context, status=422 if form.errors else 200)


@capability_required(Capability.KNOWLEDGE_SHARE)
@require_POST
def expert_leave(request: PortalRequest) -> HttpResponse:
    services.expert_leave(actor=request.actor)
    messages.success(request, _("Your entry is gone."))
    return redirect("knowledge:experts")


@capability_required(Capability.KNOWLEDGE_SHARE)
@limited("expert-mail", per_minute=6, burst=10)
def expert_write(request: PortalRequest, pk: int) -> HttpResponse:
    expert = access_one(experts_visible_to(request.actor), pk=pk)
    form = WriteForm(request.POST or None, initial={"subject": typed(request.GET.get("about", ""))})
    if request.method == "POST" and form.is_valid():
        services.expert_write(expert=expert, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("Your message is on its way."))
        return redirect("knowledge:experts")
    context = {"form": form, "expert": expert}
    return render(request, "members/knowledge/expert_write.html", context, status=422 if form.errors else 200)
