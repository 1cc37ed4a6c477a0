"""How requests travel in a network: its model, trying it, drafts, versions."""

from __future__ import annotations

from django.urls import path

from loans.modelling import views, views_drafts, views_versions

MODEL = "network/<str:code>/model/"
DRAFT = f"{MODEL}drafts/<int:pk>/"
VERSION = f"{MODEL}versions/<int:number>/"

urlpatterns = [
    path("network/model/", views.network_models, name="network_models"),
    path(MODEL, views.network_model, name="network_model"),
    path(f"{MODEL}try/", views.network_try, name="network_try"),
    path(f"{MODEL}drafts/new/", views_drafts.draft_new, name="network_draft_new"),
    path(DRAFT, views_drafts.draft, name="network_draft"),
    path(f"{DRAFT}rules/", views_drafts.draft_rules, name="network_draft_rules"),
    path(f"{DRAFT}places/", views_drafts.draft_places, name="network_draft_places"),
    path(f"{DRAFT}preview/", views_drafts.draft_preview, name="network_draft_preview"),
    path(f"{DRAFT}renew/", views_drafts.draft_renew, name="network_draft_renew"),
    path(f"{DRAFT}live/", views_drafts.draft_live, name="network_draft_live"),
    path(f"{DRAFT}drop/", views_drafts.draft_drop, name="network_draft_drop"),
    path(f"{MODEL}versions/", views_versions.versions, name="network_versions"),
    path(VERSION, views_versions.version, name="network_version"),
    path(f"{VERSION}back/", views_versions.version_back, name="network_version_back"),
]
