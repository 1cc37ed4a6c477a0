"""What the page of a source says of the library's agent and of its copies."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from catalog.choices import SourceKind
from catalog.forms.push import ItemsForm, KeyForm
from catalog.models import Source
from catalog.selectors.push import item_counts, keys_of, last_contact, last_told


def push_section(source: Source, *, may_manage: bool) -> dict[str, Any] | None:
    """None where there is nothing to say: nobody set up an agent, and the reader may not."""
    keys, items = list(keys_of(source)), item_counts(source)
    sends_records = source.kind == SourceKind.PUSH
    if source.kind == SourceKind.Z3950 or not (sends_records or keys or items["stored"] or may_manage):
        return None
    return {
        "records": sends_records,
        "keys": [key for key in keys if key.revoked_at is None],
        "revoked": [key for key in keys if key.revoked_at is not None],
        "contact": last_contact(source),
        "items": items,
        "told": last_told(source),
        "key_form": KeyForm(),
        "items_form": ItemsForm(),
    }


def settings_text(source: Source, address: str, secret: str) -> str:
    """The agent's settings file for this source, ready to be saved."""
    where = _("the dump or the export of your system; of several files the newest is taken")
    lines = [
        "[portal]", f"url = {address.rstrip('/')}", f"source = {source.pk}", f"key = {secret}", "", "[catalogue]",
        f"# {where}",
        "file = backup/*.sql.gz", "",
    ]  # fmt: skip
    return "\n".join(lines)
