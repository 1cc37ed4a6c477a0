"""Django's own admin for superusers: looking, not editing; staff work happens in the portal's pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.models import Run, Source


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Source)
class SourceAdmin(ReadOnly):
    list_display = ("name", "library", "kind", "enabled", "next_due_at", "record_count")
    list_filter = ("kind", "enabled")


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ("id", "source", "status", "read", "rejected", "queued_at", "finished_at")
    list_filter = ("status",)
