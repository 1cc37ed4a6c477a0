"""Pages that belong to no single room: home, help, accessibility, the state of the portal, the style guide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.selectors import network_figures, newest_editions
from loans.selectors import loan_figures
from members.selectors.libraries import city_counts
from network_portal.core import readiness
from network_portal.pages import samples


def home(request: HttpRequest) -> HttpResponse:
    context = {
        "figures": network_figures(), "loans": loan_figures(), "newest": newest_editions(limit=12),
        "cities": city_counts(),
    }  # fmt: skip
    return render(request, "pages/home.html", context)


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


def status(request: HttpRequest) -> HttpResponse:
    names = {
        "database": _("The memory: libraries, books, requests"), "redis": _("The messenger between the parts"),
        "index": _("The search index"), "migrations": _("The version of the memory"),
    }  # fmt: skip
    parts = [(names.get(name, name), state == "ok") for name, state in readiness.results().items()]
    context = {"parts": parts, "all_well": all(works for _name, works in parts), "now": timezone.now()}
    return render(request, "pages/status.html", context)


def robots(request: HttpRequest) -> HttpResponse:
    """Searches with filters are endless for a crawler and worthless to its readers; records are welcome."""
    lines = [
        "User-agent: *",
        "Disallow: /search?",
        "Disallow: /request/",
        "Disallow: /accounts/",
        "Allow: /edition/",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/styleguide.html", samples.context())
