"""What the search page shows beside the hits."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.search.page import SearchPage

SORT_LABELS: list[tuple[str, str | Promise]] = [
    ("relevance", gettext_lazy("Best match")), ("newest", gettext_lazy("Newest first")),
    ("oldest", gettext_lazy("Oldest first")), ("title", gettext_lazy("Title A to Z")),
    ("held", gettext_lazy("Held by most libraries")), ("added", gettext_lazy("Added last")),
]  # fmt: skip


def search_title(found: SearchPage) -> str:
    """The page's name: what was asked, how much was found, which page."""
    title = _("Search")
    if found.query.text:
        title = _("Search for “%(text)s”") % {"text": found.query.text}
    if found.page.number > 1:
        title = _("%(title)s, page %(number)s") % {"title": title, "number": found.page.number}
    return title
