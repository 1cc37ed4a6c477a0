"""A library's rules of what goes out without a look, each as one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.choices import Format
from loans.choices import MediationEffect
from loans.models import MediationRule
from members.models import PatronCategory
from members.presenters_policies import money


@dataclass(frozen=True)
class RuleLine:
    rule: MediationRule
    sentence: str


def rule_lines(rules: Iterable[MediationRule]) -> list[RuleLine]:
    return [RuleLine(rule, rule_sentence(rule)) for rule in rules]


def rule_sentence(rule: MediationRule) -> str:
    """ "Goes out at once: loans, books, normal speed, for Lecturers, up to IDR 5.000." """
    wanted = [
        rule.get_service_display() if rule.service else "",
        str(Format(rule.format).label) if rule.format in Format.values else rule.format,
        _("speed: %(level)s") % {"level": rule.get_level_display().lower()} if rule.level else "",
        _("for %(category)s") % {"category": rule.category.name} if rule.category else "",
        _("costing at most %(amount)s") % {"amount": money(rule.max_amount, _currency(rule))}
        if rule.max_amount is not None
        else "",
    ]
    told = ", ".join(filter(None, wanted)) or _("every request")
    if rule.effect == MediationEffect.AUTO:
        return _("Goes out at once: %(what)s.") % {"what": told}
    return _("A librarian looks first: %(what)s.") % {"what": told}


def _currency(rule: MediationRule) -> str:
    return rule.category.currency if rule.category else "IDR"


def trusted_sentence(categories: Iterable[PatronCategory]) -> str:
    """What holds where no rule fits: the kinds of readers whose usual requests go out; "" where there is none."""
    names = ", ".join(category.name for category in categories)
    return _("Goes out at once: usual requests of %(names)s.") % {"names": names} if names else ""
