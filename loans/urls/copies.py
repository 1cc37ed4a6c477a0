"""Copies: scanning, checking, copyright, and the reader's link."""

from __future__ import annotations

from django.urls import path

from loans.views import copyright as rights
from loans.views import download, rules, upload
from network_portal.core.ratelimit import limited

urlpatterns = [
    path("requests/<slug:number>/copyright/", rights.copy_copyright, name="copy_copyright"),
    path("requests/<slug:number>/scan/", upload.copy_scan, name="copy_scan"),
    path("requests/<slug:number>/scan/part/", upload.copy_part, name="copy_part"),
    path("requests/<slug:number>/scan/<int:pk>/remove/", upload.copy_remove, name="copy_remove"),
    path("requests/<slug:number>/files/<int:pk>/", upload.copy_file, name="copy_file"),
    path(
        "copies/<str:token>/", limited("copy", per_minute=60, burst=60)(download.copy_link), name="copy_link"
    ),
    path("copies/<str:token>/files/", download.copy_files, name="copy_files"),
    path("copies/<str:token>/files/<int:pk>/", download.copy_download, name="copy_download"),
    path("copyright/rules/", rules.copy_rules, name="copy_rules"),
    path("copyright/rules/upload/", rules.copy_rules_upload, name="copy_rules_upload"),
    path("copyright/rules/<str:jurisdiction>/<int:version>/", rules.copy_ruleset, name="copy_ruleset"),
    path(
        "copyright/rules/<str:jurisdiction>/<int:version>/file/",
        rules.copy_ruleset_file,
        name="copy_ruleset_file",
    ),
    path(
        "copyright/rules/<str:jurisdiction>/<int:version>/new/", rules.copy_rules_new, name="copy_rules_new"
    ),
    path("copyright/licences/", rules.copy_licences, name="copy_licences"),
    path("copyright/licences/new/", rules.copy_licence_new, name="copy_licence_new"),
    path("copyright/licences/<int:pk>/", rules.copy_licence, name="copy_licence"),
    path("help/copyright/", rights.help_copyright, name="help_copyright"),
]
