"""Copies: scanning, checking, copyright, and the reader's link."""

from __future__ import annotations

from django.urls import path

from loans.views import copyright as rights
from loans.views import download, upload
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
    path("help/copyright/", rights.help_copyright, name="help_copyright"),
]
