"""Pages that belong to no single room: home, help, accessibility, the state of the portal, the style guide."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.selectors import network_figures, newest_editions
from loans.selectors import loan_figures
from members.decorators import capability_required
from members.learning.selectors import programmes_coming
from members.permissions import Capability
from members.presenters_directory import entries_of, map_of
from members.selectors.libraries import city_counts, directory_libraries, library_of
from network_portal.core import readiness
from network_portal.core.requests import PortalRequest
from network_portal.pages import samples, today
from network_portal.pages.decisions import decisions
from network_portal.pages.handbook import BY_SLUG, CHAPTERS, page_of
from network_portal.pages.overview import DECISIONS, trends

# What can be combined without end, belongs to one person, or is one record in another form.
NOT_FOR_CRAWLERS = (
    "/search?", "/search/", "/edition/*?", "/edition/*/", "/records/", "/lists/", "/saved/", "/request/", "/accounts/",
    "/unapi", "/api/", "/certificates/",
)  # fmt: skip


def home(request: HttpRequest) -> HttpResponse:
    context = {
        "figures": network_figures(), "loans": loan_figures(), "newest": newest_editions(limit=12),
        "cities": city_counts(), "learning": programmes_coming(timezone.now()),
    }  # fmt: skip
    return render(request, "pages/home.html", context)


@capability_required(Capability.NETWORK_REQUESTS)
@require_safe
def overview(request: PortalRequest) -> HttpResponse:
    """The coordinator's first page."""
    libraries = list(directory_libraries())
    context = {
        "decisions": decisions(request.actor, DECISIONS), "trends": trends(), "map": map_of(libraries),
        "cities": entries_of(libraries, ()), "count": len(libraries),
    }  # fmt: skip
    return render(request, "pages/overview.html", context)


@capability_required(Capability.REQUEST_MANAGE)
@require_safe
def today_page(request: PortalRequest) -> HttpResponse:
    """The first page of a library's staff."""
    library = library_of(request.actor)
    context = {
        "library": library, "counters": today.counters(request.actor),
        "decisions": decisions(request.actor, today.ROOMS), "trends": today.figures(library.pk),
        "ways": today.ways_on(request.actor, library.short_code),
    }  # fmt: skip
    return render(request, "pages/today.html", context)


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html", {"chapters": CHAPTERS})


@require_safe
def handbook(request: PortalRequest, slug: str) -> HttpResponse:
    """One chapter of docs/handbook, in the language of the page."""
    chapter = BY_SLUG.get(slug)
    if chapter is None:
        raise Http404
    context = {"chapter": chapter, "chapters": CHAPTERS, "page": page_of(slug, get_language() or "en")}
    return render(request, "pages/handbook.html", context)


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
    """Searches with filters are endless for a crawler and worthless to its readers; records are welcome.

    The map names every record, so that nobody has to look for them by following searches.
    """
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_CRAWLERS),
        "Allow: /edition/",
        "Crawl-delay: 1",
        "",
        f"Sitemap: {settings.PORTAL_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/styleguide.html", samples.context())
