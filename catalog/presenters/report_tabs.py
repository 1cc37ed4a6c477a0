"""The way between sources, data quality, overlap and search and copy: the same doors above each of these pages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.selectors.health import care_count
from members.permissions import Capability
from network_portal.core.actor import Actor


def report_tabs(actor: Actor, here: str, *, care: int | None = None) -> list[dict[str, object]]:
    """`here`: sources, quality, overlap, copying or review; `care`: how many sources need it, if known.

    Reports lead on to the own library's page for whoever has only one.
    """
    care = care_count(actor) if care is None else care
    doors = (
        ("sources", _("Sources"), care or None),
        ("quality", _("Data quality"), None),
        ("overlap", _("Overlap"), None),
        ("copying", _("Search and copy"), None),
        ("review", _("One edition or two?"), None),
    )
    return [
        {"label": label, "url": reverse(f"catalog:{name}"), "count": count, "current": name == here}
        for name, label, count in doors
        if name != "review" or actor.can(Capability.RECORD_MATCH)
    ]
