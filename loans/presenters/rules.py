"""The pages of copyright rules: jurisdictions with their versions, and one version in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from loans.copyright.describe import SetPage, page_of
from loans.copyright.schema import RuleSet
from loans.copyright.seed import in_force, parsed
from loans.models import CopyrightRuleSet
from loans.selectors.rules import rulesets


@dataclass(frozen=True)
class VersionLine:
    row: CopyrightRuleSet
    now: bool  # it counts today
    later: bool  # its day has not come
    used: int


@dataclass(frozen=True)
class Jurisdiction:
    code: str
    name: str
    versions: list[VersionLine]


@dataclass(frozen=True)
class VersionPage:
    row: CopyrightRuleSet
    told: SetPage
    now: bool
    used: int
    removable: bool


def rules_page(language: str) -> list[Jurisdiction]:
    today, page = timezone.localdate(), []
    for code, rows in groupby(rulesets(), key=lambda row: row.jurisdiction):
        current = in_force(code)
        versions = [
            VersionLine(row, now=row == current, later=row.valid_from > today, used=getattr(row, "used", 0))
            for row in rows
        ]
        names = (current or versions[0].row).rules["name"]
        page.append(Jurisdiction(code, names.get(language) or names["en"], versions))
    return page


def pages_in_force(language: str) -> list[VersionPage]:
    """What counts today, by jurisdiction, for everybody to read."""
    codes = dict.fromkeys(row.jurisdiction for row in rulesets())
    current = [row for row in (in_force(code) for code in codes) if row is not None]
    return [version_page(row, language) for row in current]


def version_page(row: CopyrightRuleSet, language: str, *, instead: RuleSet | None = None) -> VersionPage:
    """`instead`: rules not stored yet, to be looked at before they are."""
    used = getattr(row, "used", 0)
    return VersionPage(
        row=row, told=page_of(instead or parsed(row), language), now=row == in_force(row.jurisdiction), used=used,
        removable=bool(row.added_by_name) and not used,
    )  # fmt: skip
