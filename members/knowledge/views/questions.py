"""Questions: the list, asking, and one with its answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.access import access_one
from members.decorators import capability_required
from members.knowledge.access import moderates, owns, shares
from members.knowledge.files import questions_file
from members.knowledge.forms.questions import AnswerForm, FindQuestionForm, FollowForm, QuestionForm
from members.knowledge.selectors.questions import (
    QuestionQuery,
    answers_of,
    answers_visible_to,
    edits_of,
    experts_about,
    questions_alike,
    questions_found,
    questions_visible_to,
    reports_open,
    subscription_to,
)
from members.knowledge.services import questions as services
from members.models import Question
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.lists import rows_answer
from network_portal.core.requests import PortalRequest, typed

PAGE_SIZE = 25


@require_safe
def question_list(request: PortalRequest) -> HttpResponseBase:
    form = FindQuestionForm(request.GET or None)
    asked = QuestionQuery()
    if form.is_bound:
        form.is_valid()
        data = form.cleaned_data
        asked = QuestionQuery(
            typed(data.get("q", "")), data.get("topic", ""), data.get("state", ""), data.get("sort", "")
        )
    if request.GET.get("format") == "csv":
        return rows_answer(questions_file(), questions_found(request.actor, asked))
    page = Paginator(questions_found(request.actor, asked), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "staff": shares(request.actor), "narrowed": asked != QuestionQuery(sort=asked.sort),
        "reports": len(reports_open()) if moderates(request.actor) else 0,
    }  # fmt: skip
    return render(request, "members/knowledge/questions.html", context)


@capability_required(Capability.KNOWLEDGE_SHARE)
def question_new(request: PortalRequest) -> HttpResponse:
    """Asked once, what is alike is shown; asked again (`seen`), or where nothing is, it is posted."""
    form = QuestionForm(request.POST or None, initial={"title": typed(request.GET.get("title", ""))})
    similar: list[Question] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if request.POST.get("seen") != "1":
            similar = questions_alike(request.actor, f"{data['title']} {data['body']}")
        if not similar:
            try:
                row = services.question_ask(actor=request.actor, **data)
            except RuleViolation as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Your question is out. Answers come by mail."))
                return redirect("knowledge:question", row.pk)
    context = {"form": form, "similar": similar, "question": None}
    return render(
        request, "members/knowledge/question_form.html", context, status=422 if form.errors else 200
    )


def question_page(request: PortalRequest, pk: int) -> HttpResponse:
    question = access_one(questions_visible_to(request.actor), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and shares(request.actor) and form.is_valid():
        services.answer_give(question=question, actor=request.actor, body=form.cleaned_data["body"])
        messages.success(request, _("Thank you for your answer."))
        return redirect(reverse("knowledge:question", args=[pk]) + "#answers")
    staff = shares(request.actor)
    follow = subscription_to(request.actor, question) if staff else None
    context = {
        "question": question, "answers": answers_of(question, request.actor), "form": form, "staff": staff,
        "mine": owns(request.actor, question.by_id), "moderates": moderates(request.actor),
        "follow": FollowForm(initial={"pace": follow.pace if follow else ""}),
        "experts": experts_about(question.topics) if staff else [],
    }  # fmt: skip
    return render(request, "members/knowledge/question.html", context, status=422 if form.errors else 200)


@capability_required(Capability.KNOWLEDGE_SHARE)
def question_edit(request: PortalRequest, pk: int) -> HttpResponse:
    question = access_one(questions_visible_to(request.actor), pk=pk)
    initial = {"title": question.title, "body": question.body, "topics": question.topics}
    form = QuestionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.question_edit(question=question, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved. What it said before is kept."))
        return redirect("knowledge:question", pk)
    context = {"form": form, "question": question, "similar": []}
    return render(
        request, "members/knowledge/question_form.html", context, status=422 if form.errors else 200
    )


@capability_required(Capability.KNOWLEDGE_SHARE)
def answer_edit(request: PortalRequest, pk: int) -> HttpResponse:
    answer = access_one(answers_visible_to(request.actor), pk=pk)
    form = AnswerForm(request.POST or None, initial={"body": answer.body})
    if request.method == "POST" and form.is_valid():
        services.answer_edit(answer=answer, actor=request.actor, body=form.cleaned_data["body"])
        messages.success(request, _("Saved. What it said before is kept."))
        return redirect(reverse("knowledge:question", args=[answer.question_id]) + f"#answer-{pk}")
    context = {"form": form, "answer": answer}
    return render(request, "members/knowledge/answer_form.html", context, status=422 if form.errors else 200)


@capability_required(Capability.KNOWLEDGE_SHARE)
@require_safe
def question_history(request: PortalRequest, pk: int) -> HttpResponse:
    question = access_one(questions_visible_to(request.actor), pk=pk)
    context = {"question": question, "edits": edits_of(question)}
    return render(request, "members/knowledge/question_history.html", context)


@capability_required(Capability.KNOWLEDGE_SHARE)
@require_POST
def question_do(request: PortalRequest, pk: int, what: str) -> HttpResponse:
    """The asker's (and coordinator's) buttons: public, private, close, open."""
    question = access_one(questions_visible_to(request.actor), pk=pk)
    if what in ("public", "private"):
        services.question_publish(question=question, actor=request.actor, public=what == "public")
    else:
        note = request.POST.get("note", "")
        services.question_close(question=question, actor=request.actor, closed=what == "close", note=note)
    messages.success(request, _("Saved."))
    return redirect("knowledge:question", pk)


@capability_required(Capability.KNOWLEDGE_SHARE)
@require_POST
def answer_mark(request: PortalRequest, pk: int) -> HttpResponse:
    answer = access_one(answers_visible_to(request.actor), pk=pk)
    services.answer_mark(answer=answer, actor=request.actor, helpful=request.POST.get("helpful") == "1")
    return redirect(reverse("knowledge:question", args=[answer.question_id]) + f"#answer-{pk}")
