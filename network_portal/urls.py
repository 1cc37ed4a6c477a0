"""Every address of the portal. Each app names its own; this file only says where they hang."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from network_portal.core.views_language import language_set

urlpatterns = [
    path("", include("network_portal.pages.urls")),
    path("", include("network_portal.core.urls")),
    path("", include("members.urls_knowledge")),
    path("", include("members.urls")),
    path("acquisition/", include("catalog.acquiring.urls")),
    path("", include("catalog.urls")),
    path("", include("loans.urls")),
    path("", include("network_portal.pages.urls_network")),
    path("accounts/", include("allauth.urls")),
    path("i18n/setlang/", language_set, name="set_language"),
]
if settings.DEBUG or settings.ADMIN_ENABLED:
    urlpatterns.append(path("admin/", admin.site.urls))

handler400 = "network_portal.pages.errors.bad_request"
handler403 = "network_portal.pages.errors.forbidden"
handler404 = "network_portal.pages.errors.not_found"
handler500 = "network_portal.pages.errors.server_error"
