"""Addresses of a network's own page; after all others, because the code in the address could be any word."""

from __future__ import annotations

from django.urls import path

from network_portal.core.shared_cache import shareable
from network_portal.pages import views_network as views

app_name = "network"
urlpatterns = [
    path("network/<str:code>/", shareable(300)(views.network_home), name="home"),
    path("network/<str:code>/page/", views.page_edit, name="page_edit"),
    path("network/<str:code>/page/<int:number>/restore/", views.page_restore, name="page_restore"),
    path("network/<str:code>/picture/<int:number>", views.picture, name="picture"),
]
