"""The rank that an attempt keeps, as one line. The whole plan is told by explain.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choices import ItemStatus


def explain(stored: Mapping[str, Any]) -> str:
    """The stored rank as one line in the reader's language: "available, 12 km, 1 open request"."""
    factors = stored.get("factors") or {}
    if not factors:
        return ""
    count = int(factors.get("open_requests", 0))
    parts = [
        {
            ItemStatus.AVAILABLE.value: _("available"),
            ItemStatus.ON_LOAN.value: _("on loan"),
        }.get(factors.get("availability", ""), _("availability not known")),
        _("distance not known")
        if factors.get("km") is None
        else _("%(km)s km") % {"km": number_format(factors["km"], force_grouping=True)},
        ngettext("%(count)s open request", "%(count)s open requests", count) % {"count": count},
    ]
    return ", ".join(parts)
