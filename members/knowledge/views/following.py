"""Mails about questions and topics: wanting them, and ending them without an account from the mail itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from members.access import access_one
from members.decorators import capability_required
from members.knowledge.forms.questions import FollowForm, TopicFollowForm
from members.knowledge.selectors.questions import questions_visible_to, subscriptions_of
from members.knowledge.services import telling
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.KNOWLEDGE_SHARE)
def following(request: PortalRequest) -> HttpResponse:
    """All that one follows; POST adds or changes a topic."""
    form = TopicFollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        telling.subscription_set(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("knowledge:following")
    context = {"form": form, "rows": subscriptions_of(request.actor)}
    return render(request, "members/knowledge/following.html", context, status=422 if form.errors else 200)


@capability_required(Capability.KNOWLEDGE_SHARE)
@require_POST
def question_follow(request: PortalRequest, pk: int) -> HttpResponse:
    question = access_one(questions_visible_to(request.actor), pk=pk)
    form = FollowForm(request.POST)
    if form.is_valid():
        telling.subscription_set(actor=request.actor, question=question, pace=form.cleaned_data["pace"])
        messages.success(request, _("Saved."))
    return redirect("knowledge:question", pk)


@capability_required(Capability.KNOWLEDGE_SHARE)
@require_POST
def follow_end(request: PortalRequest, pk: int) -> HttpResponse:
    row = access_one(subscriptions_of(request.actor), pk=pk)
    telling.mails_stop(what="one", pk=row.pk)
    messages.success(request, _("No more mails about it."))
    return redirect("knowledge:following")


# Mail programs send the POST themselves when somebody presses their own button: without a cookie, so without a form's
# token. Whoever has the signed address may end these mails, and no more.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: PortalRequest, token: str) -> HttpResponse:
    """GET asks only: mail filters look at every link."""
    meant = telling.stop_read(token)
    if meant is None:
        raise Http404
    if request.method == "POST":
        telling.mails_stop(what=meant[0], pk=meant[1])
    context = {"what": meant[0], "stopped": request.method == "POST"}
    response = render(request, "members/knowledge/stop.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"  # the address is a key
    return response
