"""For readers: choosing the library, going to its sign-in server, and coming back."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from members.access import access_public_library
from members.models import SignInProvider
from members.signin import flow, session
from members.signin.arriving import REFUSALS, Arrival, arrive
from members.signin.claims import identity_of
from members.signin.faults import SignInFault
from members.signin.selectors import provider_open, providers_found
from members.signin.services import fault_clear, fault_note
from network_portal.core.errors import RuleViolation
from network_portal.core.ratelimit import limited
from network_portal.core.requests import PortalRequest, typed

PAGE_SIZE = 30
BUSY = {"per_minute": 300, "burst": 150}  # for one network address, behind which a whole campus may sit


def back_address(provider: SignInProvider) -> str:
    """Where the server sends readers back to; its manager enters it there."""
    return settings.PORTAL_URL + reverse("members:sign_in_back", args=[provider.library.short_code])


@require_safe
def library_choice(request: PortalRequest) -> HttpResponse:
    """Libraries with a sign-in of their own, narrowed by words."""
    words = typed(request.GET.get("q", ""))
    page = Paginator(providers_found(words), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "next": get_next_redirect_url(request) or ""}
    return render(request, "members/signin/choice.html", context)


@never_cache
@limited("sign-in", **BUSY)
def library_sign_in(request: PortalRequest, code: str) -> HttpResponse:
    """GET says where it leads; POST leads there. A page leads on, as a form may not lead to another server (CSP)."""
    if request.user.is_authenticated:
        return redirect("members:after_login")
    provider = provider_open(code)
    if provider is None:
        return _closed(request, code)
    if request.method != "POST":
        context = {"provider": provider, "next": get_next_redirect_url(request) or ""}
        return render(request, "members/signin/library.html", context)
    try:
        url, state, question = flow.ask(
            provider,
            back=back_address(provider),
            at=time.time(),
            next_url=get_next_redirect_url(request) or "",
        )
    except SignInFault as fault:
        return _out_of_order(request, provider, fault)
    session.question_keep(request.session, state, question)
    return render(request, "members/signin/leading.html", {"provider": provider, "url": url})


@never_cache
@require_safe
@limited("sign-in", **BUSY)
def sign_in_back(request: PortalRequest, code: str) -> HttpResponse:
    """Back from the server, with a code that is worth something once."""
    if request.user.is_authenticated:
        return redirect("members:after_login")
    provider = provider_open(code)
    if provider is None:
        return _closed(request, code)
    question = session.question_take(request.session, request.GET.get("state", ""), provider)
    if question is None:
        text = _("This took too long, or the page was opened a second time. Begin again.")
        return _stopped(request, provider, text, status=400)
    try:
        given = _code(request, provider)
        if not given:
            return _stopped(
                request, provider, _("You did not finish signing in. Nothing was changed."), status=400
            )
        claims = flow.answer(provider, question, code=given, back=back_address(provider))
        identity = identity_of(provider, claims)
    except SignInFault as fault:
        return _out_of_order(request, provider, fault)
    try:
        arrival = arrive(provider=provider, identity=identity, language=get_language() or "")
    except RuleViolation as rule:
        return _stopped(request, provider, str(rule), status=403)
    fault_clear(provider=provider)
    if arrival.must_prove:
        session.proof_keep(request.session, provider, identity, arrival.user.pk)
        return (
            redirect("account_email_verification_sent")
            if arrival.by_mail
            else _prove(provider, question.next)
        )
    return _enter(request, provider, arrival, question.next)


@never_cache
@require_safe
def sign_in_prove(request: PortalRequest, code: str) -> HttpResponse:
    """There is an account with this address: its password once, then the library's sign-in is enough."""
    provider = provider_open(code)
    if (
        request.user.is_authenticated
        or provider is None
        or not session.proof_waits(request.session, provider)
    ):
        return redirect("account_login")
    context = {"provider": provider, "next": get_next_redirect_url(request) or ""}
    return render(request, "members/signin/prove.html", context)


@never_cache
@require_safe
@limited("sign-in", **BUSY)
def signed_out(request: PortalRequest, code: str) -> HttpResponse:
    """Logged out here; at the library's server perhaps not, which matters on a computer that others use."""
    if request.user.is_authenticated:
        return redirect("members:after_login")
    provider = provider_open(code)
    if provider is None:
        return redirect("pages:home")
    context = {"library": provider.library, "url": flow.end_address(provider)}
    return render(request, "members/signin/signed_out.html", context)


def _prove(provider: SignInProvider, next_url: str) -> HttpResponse:
    page = reverse("members:sign_in_prove", args=[provider.library.short_code])
    return redirect(f"{page}?{urlencode({'next': next_url})}" if next_url else page)


def _code(request: PortalRequest, provider: SignInProvider) -> str:
    """The code; empty when the reader thought better of it. Raises SignInFault."""
    said = request.GET.get("iss", "")
    if said and said != provider.issuer:  # RFC 9207: somebody mixes up two servers
        raise SignInFault("wrong_issuer")
    if error := request.GET.get("error", ""):
        if error == "access_denied":
            return ""
        raise SignInFault("refused_there", flow.error_word(error))
    return request.GET.get("code", "")[:4000]


def _enter(request: PortalRequest, provider: SignInProvider, arrival: Arrival, next_url: str) -> HttpResponse:
    """Log in by the usual way: a second factor, and an address to be confirmed, are asked for there."""
    record_authentication(request, arrival.user, method="library", library=provider.library.short_code)
    login = Login(user=arrival.user, redirect_url=next_url or None, signup=arrival.is_new)
    return perform_login(request, login)


def _out_of_order(request: PortalRequest, provider: SignInProvider, fault: SignInFault) -> HttpResponse:
    """The manager gets to know what is wrong; the reader, that it is not them."""
    fault_note(provider=provider, fault=fault)
    text = _("The sign-in of %(library)s does not work at the moment. The library can see why.")
    return _stopped(request, provider, text % {"library": provider.library.name}, status=503)


def _closed(request: PortalRequest, code: str) -> HttpResponse:
    """The library is there, but lets nobody in this way (any more): the other ways stand on the page."""
    library = access_public_library(request.actor, code)
    context = {"library": library, "text": REFUSALS["closed"], "is_closed": True}
    return render(request, "members/signin/stopped.html", context, status=404)


def _stopped(request: PortalRequest, provider: SignInProvider, text: str, *, status: int) -> HttpResponse:
    context = {"library": provider.library, "text": text}
    return render(request, "members/signin/stopped.html", context, status=status)
