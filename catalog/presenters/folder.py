"""What waits in a watched folder, for its source's page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from catalog.choices import SourceKind
from catalog.harvesting.errors import RunFailed
from catalog.harvesting.folder import GROWING, READY, REFUSED, waiting_files
from catalog.models import Source

SHOWN = 20


def folder_context(source: Source) -> dict[str, Any] | None:
    if source.kind != SourceKind.FOLDER:
        return None
    states = {
        READY: ("ok", _("is read next")),
        GROWING: ("info", _("still being written")),
        REFUSED: ("stop", _("is not read: a link, or a name that can't be kept")),
    }
    try:
        files = waiting_files(source)
    except RunFailed as failure:
        return {"problem": _(failure.message)}
    rows = [
        {"name": f.name, "size": f.size, "tone": states[f.state][0], "label": states[f.state][1]}
        for f in files
    ]
    return {"files": rows[:SHOWN], "more": len(rows) - SHOWN if len(rows) > SHOWN else 0}
