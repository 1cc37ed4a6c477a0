"""Agreements that say another fee for the same libraries, each as a sentence, and which of them counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.choices import ServiceKind
from members.models import AgreementVersion
from members.selectors.agreements import fee_terms, fee_told, rivals_of, versions_visible_to
from network_portal.core.actor import Actor

# As loans prices: the narrower agreement first.
_NARROW = {"pair": 0, "group": 1, "network": 2}


@dataclass(frozen=True)
class Rival:
    name: str
    sentence: str
    url: str
    wins: bool


@dataclass(frozen=True)
class Rivals:
    rows: list[Rival]


def rivals_told(version: AgreementVersion, actor: Actor) -> Rivals:
    """This one first, then the others that the actor may read; no rows where nothing says otherwise."""
    visible = set(versions_visible_to(actor).values_list("pk", flat=True))
    others = [row for row in rivals_of(version) if row.pk in visible]
    if not others:
        return Rivals([])
    first = min((version, *others), key=_order)
    return Rivals([_told(row, row.pk == first.pk, "" if row.pk == version.pk else _url(row))
                   for row in (version, *others)])  # fmt: skip


def _order(row: AgreementVersion) -> tuple[int, int, int]:
    return (-row.priority, _NARROW.get(row.agreement.scope, 9), row.term_id or 2**62 + row.pk)


def _url(row: AgreementVersion) -> str:
    return reverse("members:agreement_version", args=[row.agreement_id, row.number])


def _told(row: AgreementVersion, wins: bool, url: str) -> Rival:
    terms = fee_terms(row.agreement.name, row.term or row)
    values = {
        "services": ", ".join(str(ServiceKind(one).label) for one in sorted(terms.services)),
        "fee": fee_told(terms.fee), "priority": terms.priority, "first": date_format(terms.first),
    }  # fmt: skip
    if terms.last == date.max:
        sentence = _("%(services)s, %(fee)s, from %(first)s, priority %(priority)s.") % values
    else:
        values["last"] = date_format(terms.last)
        sentence = _("%(services)s, %(fee)s, from %(first)s to %(last)s, priority %(priority)s.") % values
    return Rival(row.agreement.name, sentence, url, wins)
