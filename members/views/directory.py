"""The public directory of libraries: a map and a list by city, with their own websites and catalogues."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.presenters_directory import entries_of, map_of
from members.selectors.libraries import directory_hours, directory_libraries
from network_portal.core.requests import PortalRequest


@require_safe
def directory(request: PortalRequest) -> HttpResponse:
    libraries = list(directory_libraries())
    context = {"map": map_of(libraries), "cities": entries_of(libraries, directory_hours())}
    return render(request, "members/directory.html", context)
