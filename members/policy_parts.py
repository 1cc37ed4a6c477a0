"""What a library can have several of: fee rules, pickup points, libraries left out, agreements. One table, as data.

The pages and services of a library's terms read it, so that each part needs no view of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.forms import ModelForm
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.forms_policies import AgreementForm, DoNotRouteForm, FeeRuleForm, PickupPointForm
from members.models import AgreementTerm, DoNotRoute, FeeRule, PickupPoint
from members.presenters_policies import agreement_words, do_not_route_words, fee_words, pickup_words


@dataclass(frozen=True)
class PolicyPart:
    key: str
    model: type[Model]
    form: type[ModelForm]
    title: Promise | str
    about: Promise | str
    add: Promise | str
    words: Callable[[Model], str]
    of_network: bool = False  # written by who runs the network alone: it binds several libraries


PARTS: tuple[PolicyPart, ...] = (
    PolicyPart(
        "fees", FeeRule, FeeRuleForm, _("Fees"),
        _("What other libraries or their readers pay. The most particular rule counts."),
        _("Add a fee"), fee_words,
    ),
    PolicyPart(
        "pickup", PickupPoint, PickupPointForm, _("Where readers collect"),
        _("Readers choose one of these when they ask for a book."),
        _("Add a place"), pickup_words,
    ),
    PolicyPart(
        "left-out", DoNotRoute, DoNotRouteForm, _("Libraries left out"),
        _("These libraries are not asked, or not served."),
        _("Leave a library out"), do_not_route_words,
    ),
    PolicyPart(
        "agreements", AgreementTerm, AgreementForm, _("Agreements"),
        _("Terms agreed on with other libraries. The one with the highest priority counts, before any fee."),
        _("Add an agreement"), agreement_words, of_network=True,
    ),
)  # fmt: skip
BY_KEY = {part.key: part for part in PARTS}
