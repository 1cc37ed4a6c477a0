"""What should not stand there: told by anybody of the staff, looked at and hidden by who runs the network."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.access import access_one
from members.decorators import capability_required
from members.knowledge.forms.items import ReasonForm
from members.knowledge.forms.questions import ReportForm
from members.knowledge.selectors.questions import answers_visible_to, questions_visible_to, reports_open
from members.knowledge.services import questions as services
from members.models import Answer, Question
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


def _post(request: PortalRequest, kind: str, pk: int) -> tuple[Question | Answer, Question]:
    """The question or answer, and the question it belongs to."""
    if kind == "answer":
        answer = access_one(answers_visible_to(request.actor), pk=pk)
        return answer, answer.question
    question = access_one(questions_visible_to(request.actor), pk=pk)
    return question, question


@capability_required(Capability.KNOWLEDGE_SHARE)
def post_report(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    post, question = _post(request, kind, pk)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = post if isinstance(post, Answer) else None
        services.post_report(
            question=question, answer=answer, actor=request.actor, reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("Thank you. The coordinator looks at it."))
        return redirect("knowledge:question", question.pk)
    context = {"form": form, "question": question, "post": post}
    return render(request, "members/knowledge/report.html", context, status=422 if form.errors else 200)


@capability_required(Capability.NETWORK_MANAGE)
def post_hide(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    post, question = _post(request, kind, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.post_hide(post=post, actor=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Hidden. Whoever wrote it sees the reason."))
        return redirect("knowledge:question", question.pk)
    context = {
        "form": form,
        "what": question.title,
        "text": post.body,
        "back": reverse("knowledge:question", args=[question.pk]),
    }
    return render(request, "members/knowledge/hide.html", context, status=422 if form.errors else 200)


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def post_show(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    post, question = _post(request, kind, pk)
    services.post_show(post=post, actor=request.actor)
    messages.success(request, _("It is shown again."))
    return redirect("knowledge:question", question.pk)


@capability_required(Capability.NETWORK_MANAGE)
@require_safe
def report_list(request: PortalRequest) -> HttpResponse:
    return render(request, "members/knowledge/reports.html", {"reports": reports_open()})


@capability_required(Capability.NETWORK_MANAGE)
@require_POST
def report_settle(request: PortalRequest, pk: int) -> HttpResponse:
    report = access_one(reports_open(), pk=pk)
    services.report_settle(report=report, actor=request.actor, hide=request.POST.get("hide") == "1")
    messages.success(request, _("Settled."))
    return redirect("knowledge:reports")
