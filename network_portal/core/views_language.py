"""Choosing a language. Without a token for those who are not logged in, so that their pages are the same for all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.i18n import set_language


@csrf_exempt
def language_set(request: HttpRequest) -> HttpResponse:
    """A stranger's choice is a cookie that says "id" or "en"; a person's is written to their account, with a token."""
    checked = csrf_protect(set_language) if request.user.is_authenticated else set_language
    response: HttpResponse = checked(request)
    return response
