"""Addresses of signing in through a library; included by members.urls."""

from __future__ import annotations

from django.urls import path

from members.signin.views import entry, own, settings

LIBRARY = "accounts/login/library/<str:code>/"
urlpatterns = [
    path("accounts/login/library/", entry.library_choice, name="sign_in_choice"),
    path(LIBRARY, entry.library_sign_in, name="sign_in_library"),
    path(f"{LIBRARY}back/", entry.sign_in_back, name="sign_in_back"),
    path(f"{LIBRARY}prove/", entry.sign_in_prove, name="sign_in_prove"),
    path(f"{LIBRARY}out/", entry.signed_out, name="signed_out"),
    path("account/sign-in/<int:pk>/end/", own.binding_end, name="sign_in_end"),
    path("members/<str:code>/sign-in/", settings.sign_in_settings, name="sign_in_settings"),
    path("members/<str:code>/sign-in/test/", settings.sign_in_test, name="sign_in_test"),
    path("members/<str:code>/sign-in/switch/", settings.sign_in_switch, name="sign_in_switch"),
]
