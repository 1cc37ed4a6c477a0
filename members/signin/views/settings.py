"""For a library's manager: settings of the sign-in, its test, on and off."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.access import access_library
from members.decorators import capability_required
from members.models import Library, SignInProvider
from members.permissions import Capability
from members.signin import services
from members.signin.faults import OK
from members.signin.forms import SignInForm
from members.signin.present import state_of
from members.signin.selectors import provider_of
from members.signin.views.entry import back_address
from network_portal.core.errors import RuleViolation
from network_portal.core.ratelimit import limited
from network_portal.core.requests import PortalRequest


@capability_required(Capability.LIBRARY_EDIT)
def sign_in_settings(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    provider = provider_of(library)
    form = SignInForm(request.POST or None, provider=provider)
    if request.method == "POST" and form.is_valid() and (saved := _saved(request, library, form)):
        if not saved.is_on and provider.is_on:
            messages.warning(request, _("It is another server now, so the sign-in is turned off. Test it."))
        if "test" in request.POST:
            return _tested(request, saved)
        messages.success(request, _("The settings are saved."))
        return redirect("members:sign_in_settings", code=library.short_code)
    provider = provider_of(library)
    context = {
        "library": library, "provider": provider, "form": form, "state": state_of(provider),
        "back_address": back_address(provider),
    }  # fmt: skip
    return render(request, "members/signin/settings.html", context)


@require_POST
@capability_required(Capability.LIBRARY_EDIT)
@limited("sign-in-test", per_minute=10, burst=10)
def sign_in_test(request: PortalRequest, code: str) -> HttpResponse:
    library = access_library(request.actor, code)
    provider = provider_of(library)
    if provider.pk is None:
        messages.error(request, _("Save the settings first."))
        return redirect("members:sign_in_settings", code=library.short_code)
    return _tested(request, provider)


@require_POST
@capability_required(Capability.LIBRARY_EDIT)
def sign_in_switch(request: PortalRequest, code: str) -> HttpResponse:
    """`to` says "on" or, as anything else, off: in doubt nobody comes in."""
    library = access_library(request.actor, code)
    provider = provider_of(library)
    if provider.pk is None:
        messages.error(request, _("Save the settings first."))
    elif request.POST.get("to") == "on":
        services.provider_turn_on(provider=provider, actor=request.actor)
        messages.success(request, _("Readers can sign in through your library now."))
    else:
        services.provider_turn_off(provider=provider, actor=request.actor)
        text = _(
            "Nobody signs in through your library any more. Readers can choose a password: “Forgot your password?”"
        )
        messages.success(request, text)
    return redirect("members:sign_in_settings", code=library.short_code)


def _tested(request: PortalRequest, provider: SignInProvider) -> HttpResponse:
    tested = services.provider_test(provider=provider, actor=request.actor)
    if tested.test_outcome == OK:
        messages.success(request, _("The connection works."))
    else:
        messages.error(request, _("The connection does not work yet. What is wrong stands below."))
    return redirect("members:sign_in_settings", code=provider.library.short_code)


def _saved(request: PortalRequest, library: Library, form: SignInForm) -> SignInProvider | None:
    """Written, or None with what is wrong in the form."""
    try:
        return services.provider_save(
            library=library, actor=request.actor, secret=form.cleaned_data["secret"], values=form.values,
            **form.settings,
        )  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error.messages)
    except RuleViolation as error:
        form.add_error(None, str(error))
    return None
