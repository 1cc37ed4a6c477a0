"""What the search page shows beside the hits."""

from __future__ import annotations

from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.search.page import SearchPage
from network_portal.core.actor import Actor

SORT_LABELS: list[tuple[str, str | Promise]] = [
    ("relevance", gettext_lazy("Best match")), ("newest", gettext_lazy("Newest first")),
    ("oldest", gettext_lazy("Oldest first")), ("title", gettext_lazy("Title A to Z")),
    ("author", gettext_lazy("Author A to Z")), ("nearest", gettext_lazy("Nearest first")),
    ("held", gettext_lazy("Held by most libraries")), ("added", gettext_lazy("Added last")),
]  # fmt: skip


def sorts_for(actor: Actor) -> list[tuple[str, str | Promise]]:
    """Who has no library of their own has no nearest one."""
    return [(value, label) for value, label in SORT_LABELS if value != "nearest" or actor.library_id]


def only_edition(found: SearchPage | None) -> str:
    """The address of the one edition that a standard number names, with the number, so that its page leads back."""
    if found is None or found.total != 1 or not found.hits or not found.query.is_number:
        return ""
    return f"{found.hits[0].url}?{urlencode({'asked': found.query.text})}"


def search_title(found: SearchPage) -> str:
    """The page's name: what was asked, how much was found, which page."""
    title = _("Search")
    if found.query.text:
        title = _("Search for “%(text)s”") % {"text": found.query.text}
    if found.page.number > 1:
        title = _("%(title)s, page %(number)s") % {"title": title, "number": found.page.number}
    return title
