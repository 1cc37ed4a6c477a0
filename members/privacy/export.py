"""A person's data as a file: one JSON for programs and one page for people, in a zip."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Field, Model, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from network_portal.core import audit
from network_portal.core.models import AuditEntry, OutgoingMail
from network_portal.core.privacy import Link, links

SECRETS = (
    "password",
    "token",
    "secret",
    "key",
    "digest",
)  # what opens doors is not handed out, not even to the owner
Section = dict[str, Any]


def export_zip(user: User) -> bytes:
    """jejaring.json and jejaring.html with the same content."""
    sections = collect(user)
    data = {"exported_at": timezone.now(), "sections": sections}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("jejaring.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        file.writestr(
            "jejaring.html", render_to_string("members/_privacy_export.html", data | {"person": user})
        )
    return out.getvalue()


def collect(user: User) -> list[Section]:
    """The account, then what each room has declared to export, then mails and the record of what the person did."""
    account = {
        name: getattr(user, name) for name in ("email", "name", "phone", "language", "date_joined", "last_login")
    }  # fmt: skip
    sections = [_section(_("Account"), [account])]
    sections += [_section(str(link.title), _linked(link, user)) for link in links() if link.title]
    mails = OutgoingMail.objects.filter(to_email__iexact=user.email, sensitive=False)
    sections.append(
        _section(_("Mails to you"), list(mails.values("created_at", "subject", "body_text", "status")))
    )
    entries = AuditEntry.objects.filter(
        Q(actor_id=user.pk) | Q(target_type="members.user", target_id=str(user.pk))
    )
    told = [{"at": entry.at, "what": audit.sentence(entry)} for entry in entries.iterator()]
    sections.append(_section(_("What the record says"), told))
    return [section for section in sections if section["rows"]]


def _section(title: str, rows: list[Any]) -> Section:
    return {"title": title, "rows": rows}


def _linked(link: Link, user: User) -> list[dict[str, Any]]:
    model = apps.get_model(link.model)
    rows = model._default_manager.filter(**{link.field: user}).order_by("pk")
    names = link.columns or tuple(field.attname for field in _plain(model))
    return list(rows.values(*names))


def _plain(model: type[Model]) -> list[Field[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, BinaryField) and not any(word in field.name for word in SECRETS)
    ]
