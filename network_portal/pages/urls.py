"""Addresses of the portal's own pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from network_portal.pages import views, views_settings

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("today/", views.today_page, name="today"),
    path("overview/", views.overview, name="overview"),
    path("settings/", views_settings.settings_list, name="settings"),
    path("settings/<str:code>/", views_settings.setting, name="setting"),
    path("help/", views.help_page, name="help"),
    path("help/handbook/<slug:slug>/", views.handbook, name="handbook"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("status/", views.status, name="status"),
    path("robots.txt", views.robots, name="robots"),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide/", views.styleguide, name="styleguide"))
