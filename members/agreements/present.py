"""What pages about agreements print: the text drawn safely, terms as facts, what changed, who has accepted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from members.choices import Role, ServiceKind
from members.models import Agreement, AgreementAcceptance, AgreementRefusal, AgreementVersion
from members.selectors.agreements import (
    PartyState,
    is_party,
    party_states,
    version_before,
    versions_to_accept,
)
from members.selectors.libraries import library_of
from network_portal.core.actor import Actor
from network_portal.core.amounts import money_told

# CommonMark without raw HTML and without pictures; links with a strange scheme are left as text by the library.
_marks = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


def text_drawn(text: str) -> SafeString:
    """The text as HTML, its headings one level below the page's own. What looks like HTML is shown, not obeyed."""
    tokens = _marks.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    return mark_safe(_marks.renderer.render(tokens, _marks.options, {}))  # noqa: S308  raw HTML is switched off above


@dataclass(frozen=True)
class Line:
    kind: str  # same, added, removed
    text: str


@dataclass(frozen=True)
class VersionPage:
    text: SafeString
    language: str
    facts: list[tuple[str, Any]]
    states: list[PartyState]
    before: AgreementVersion | None
    terms_changed: list[tuple[str, Any, Any]]  # what, then and now
    changes: list[Line]  # of the text
    may_accept: bool
    accepted: AgreementAcceptance | None
    refused: AgreementRefusal | None
    may_give_notice: bool
    notice_told: str

    @property
    def missing(self) -> int:
        return sum(one.acceptance is None for one in self.states)


def version_page(row: AgreementVersion, actor: Actor, *, language: str) -> VersionPage:
    """Everything on the page of a version, in the reader's language where there is a text in it."""
    before = version_before(row)
    states = party_states(row)
    mine = next((one for one in states if one.library.pk == actor.library_id), None)
    own = mine.acceptance if mine else None
    shown = "en" if (language == "en" and row.text_en.strip()) or not row.text_id.strip() else "id"
    return VersionPage(
        text=text_drawn(_text(row, shown)), language=shown, facts=terms_told(row), states=states, before=before,
        terms_changed=terms_changed(before, row) if before else [],
        changes=changes_between(before, row, shown) if before else [],
        may_accept=row.is_published and own is None and actor.role == Role.MANAGER
        and is_party(row.agreement, actor.library_id),
        accepted=own, refused=mine.refusal if mine else None,
        may_give_notice=row.is_published and own is not None and actor.role == Role.MANAGER
        and row.notice_days is not None and mine is not None and mine.notice is None,
        notice_told=notice_told(row),
    )  # fmt: skip


def notice_told(row: AgreementVersion) -> str:
    if row.notice_days is None:
        return ""
    last = date_format(timezone.localdate() + timedelta(days=row.notice_days), "DATE_FORMAT")
    return _("Given today, your library is bound until %(day)s.") % {"day": last}


def terms_told(row: AgreementVersion) -> list[tuple[str, Any]]:
    """The terms, as a person would say them."""
    services = [str(ServiceKind(one).label) for one in row.services] or [
        str(one.label) for one in ServiceKind
    ]
    fee = _("Free of charge") if row.free else money_told(row.currency, row.amount)
    last = row.term.valid_until if row.term and row.term.valid_until else row.valid_until
    return [
        (_("Between"), row.agreement.network or row.agreement.get_scope_display()),
        (_("From"), date_format(row.valid_from, "DATE_FORMAT")),
        (_("Until"), date_format(last, "DATE_FORMAT") if last else _("until it is ended or replaced")),
        (_("Services"), ", ".join(services)),
        (_("Fee"), fee),
        (_("Days of notice"), row.notice_days),
        (_("At most in a year between two libraries"), row.max_per_year),
        (
            _("Balance"),
            _("Does not count in the balance of lending and borrowing") if row.no_reciprocity else "",
        ),
        (_("Priority"), row.priority),
        (_("Principles"), row.principles),
    ]


def changes_between(old: AgreementVersion, new: AgreementVersion, language: str) -> list[Line]:
    """Line by line what the new text says otherwise; what stays is left out but for a line around each change."""
    left, right = _text(old, language).splitlines(), _text(new, language).splitlines()
    kinds = {"+": "added", "-": "removed", " ": "same"}
    lines = difflib.unified_diff(left, right, lineterm="", n=1)
    return [
        Line(kinds[line[0]], line[1:]) for line in lines
        if line[:1] in kinds and not line.startswith(("---", "+++")) and line[1:].strip()
    ]  # fmt: skip


def terms_changed(old: AgreementVersion, new: AgreementVersion) -> list[tuple[str, Any, Any]]:
    """(what, the old term, the new one) of each term that is another now; a dash where there is none."""
    pairs = zip(terms_told(old), terms_told(new), strict=True)
    return [
        (label, _or_dash(before), _or_dash(now))
        for (label, before), (_label, now) in pairs
        if str(before) != str(now)
    ]


def _or_dash(value: Any) -> Any:
    return "–" if value in ("", None) else value


def _text(row: AgreementVersion, language: str) -> str:
    return row.text_en if language == "en" else row.text_id


@dataclass(frozen=True)
class AgreementRow:
    agreement: Agreement
    version: AgreementVersion | None
    waits: bool  # for the yes of whoever looks


def agreement_rows(found: Iterable[Agreement], actor: Actor) -> list[AgreementRow]:
    """The list; each agreement with its newest published version, or its draft. `found` comes with its versions."""
    waiting: set[int] = set()
    if actor.role == Role.MANAGER and actor.library_id is not None:
        waiting = {one.agreement_id for one in versions_to_accept(library_of(actor))}
    rows = []
    for agreement in found:
        versions = sorted(
            agreement.versions.all(), key=lambda one: (not one.is_draft, one.number), reverse=True
        )
        rows.append(AgreementRow(agreement, versions[0] if versions else None, agreement.pk in waiting))
    return sorted(rows, key=lambda row: not row.waits)


def agreement_header() -> list[str]:
    return [_("Agreement"), _("Between"), _("Version"), _("State"), _("From"), _("Until")]


def agreement_cells(rows: Iterable[AgreementRow]) -> Iterator[list[object]]:
    for row in rows:
        version, between = row.version, row.agreement.network or row.agreement.get_scope_display()
        told = (
            [version.number, version.get_status_display(), version.valid_from, version.valid_until]
            if version
            else []
        )
        yield [row.agreement.name, between, *told]
