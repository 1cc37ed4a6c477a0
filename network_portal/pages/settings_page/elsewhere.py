"""What has a page of its own: each room's present state in a sentence. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalog.covers import provider
from catalog.models import CoverProvider, OutsideCatalogue, Source
from loans.balance.prices import prices_said
from loans.copyright.seed import in_force
from loans.selectors.money import exchange_rates
from loans.selectors.rules import licences
from members.choices import Topology
from members.models import ClosedDay, Network, NetworkVersion
from members.selectors.agreements import versions_published
from members.selectors.joining import applications_waiting
from members.selectors.networks import networks_with_members
from members.signin.selectors import providers_open
from network_portal.core.netsettings import Area
from network_portal.pages.settings_page.line import Line


def elsewhere_lines() -> list[Line]:
    networks = list(networks_with_members())
    return [
        *_networks(networks), *_copyright(networks), *_money(), *_members(), _sign_in(), _closed_days(), _covers(),
        _outside(), _sources(),
    ]  # fmt: skip


def _networks(networks: Iterable[Network]) -> list[Line]:
    last = {
        row.network_id: row
        for row in NetworkVersion.objects.order_by("network_id", "-number")
        .distinct("network_id")
        .defer("places")
    }
    lines = [line for one in networks for line in _network(one, last.get(one.pk))]
    return lines or [
        Line(
            Area.NETWORKS, _("Networks"),
            _("There is no network yet: all libraries ask one another, the best placed first."),
            reverse("members:networks"),
        )
    ]  # fmt: skip


def _network(network: Network, last: NetworkVersion | None) -> list[Line]:
    size = getattr(network, "size", 0)
    shape = _("%(shape)s, %(guided)s, %(size)s.") % {
        "shape": Topology(network.topology).label,
        "guided": _("guided") if network.guided else _("not guided"),
        "size": ngettext("%(n)s member", "%(n)s members", size) % {"n": size},
    }
    hours = (
        ngettext("Own hours for %(n)s state.", "Own hours for %(n)s states.", len(network.timers))
        % {"n": len(network.timers)}
        if network.timers
        else _("The portal's own hours.")
    )
    when, by = (last.made_at, last.by_name) if last else (None, "")
    args = [network.code]
    return [
        Line(Area.NETWORKS, _("%(name)s: shape") % {"name": network.name}, shape,
             reverse("loans:network_model", args=args), when, by),
        Line(Area.NETWORKS, _("%(name)s: every day") % {"name": network.name}, daily_sentence(network),
             reverse("members:network_daily", args=args)),
        Line(Area.NETWORKS, _("%(name)s: time to act") % {"name": network.name}, hours,
             reverse("loans:network_times", args=args)),
    ]  # fmt: skip


def daily_sentence(network: Network) -> str:
    renews = (
        _("Loans renew by themselves where the libraries allow it.")
        if network.auto_renew
        else _("Each renewal is asked for.")
    )
    days, minutes = network.transit_days, network.undo_minutes
    return " ".join((
        ngettext("A parcel travels for %(n)s day.", "A parcel travels for %(n)s days.", days) % {"n": days},
        ngettext("A step can be undone for %(n)s minute.", "A step can be undone for %(n)s minutes.", minutes)
        % {"n": minutes},
        renews,
    ))  # fmt: skip


def _copyright(networks: Iterable[Network]) -> list[Line]:
    by_code = {code: in_force(code) for code in {one.jurisdiction for one in networks}}
    lines = []
    for network in networks:
        row = by_code.get(network.jurisdiction)
        law = (
            row.rules["name"].get(get_language() or "id") or row.rules["name"]["en"]
            if row
            else network.jurisdiction
        )
        checked = _("checked by a lawyer") if row and row.checked_on else _("not checked by a lawyer yet")
        lines.append(
            Line(Area.COPIES, _("%(name)s: copyright") % {"name": network.name},
                 _("Law of %(law)s, version %(version)s, %(checked)s.")
                 % {"law": law, "version": row.version if row else "–", "checked": checked},
                 reverse("loans:copy_rules"))
        )  # fmt: skip
    count = licences().count()
    told = ngettext("%(n)s licence for copies is kept.", "%(n)s licences for copies are kept.", count)
    return [*lines, Line(Area.COPIES, _("Licences"), told % {"n": count}, reverse("loans:copy_licences"))]


def _money() -> list[Line]:
    currencies = sorted({row.currency for row in exchange_rates()})
    rates = _("Rates are kept for %(list)s.") % {"list": ", ".join(currencies)} if currencies else _(
        "No rate is kept: prices in another currency can't be compared."
    )  # fmt: skip
    said = prices_said(None)
    count = said.count()
    prices = (
        ngettext("The networks named %(n)s price.", "The networks named %(n)s prices.", count) % {"n": count}
        if count
        else _("The portal's own assumption counts.")
    )
    return [
        Line(Area.MONEY, _("Exchange rates"), rates, reverse("loans:money_rates")),
        Line(Area.MONEY, _("What buying a book would cost"), prices, reverse("loans:balance_prices_network")),
    ]


def _members() -> list[Line]:
    agreements = versions_published().values("agreement").distinct().count()
    waiting = applications_waiting()
    told = ngettext("%(n)s agreement is published.", "%(n)s agreements are published.", agreements)
    asked = ngettext("%(n)s application waits.", "%(n)s applications wait.", waiting)
    return [
        Line(Area.MEMBERS, _("Agreements"), told % {"n": agreements}, reverse("members:agreements")),
        Line(Area.MEMBERS, _("Libraries that want to join"), asked % {"n": waiting}, reverse("members:applications")),
        Line(Area.PEOPLE, _("Who may do what"), _("Each role has its rights; they are the same in all libraries."),
             reverse("members:permissions")),
    ]  # fmt: skip


def _sign_in() -> Line:
    count = providers_open().count()
    told = ngettext(
        "%(n)s library lets its readers in through a sign-in of its own.",
        "%(n)s libraries let their readers in through a sign-in of their own.", count,
    )  # fmt: skip
    return Line(Area.PEOPLE, _("Sign-in of libraries"), told % {"n": count}, reverse("members:libraries"))


def _closed_days() -> Line:
    year = timezone.localdate().year
    count = dict(
        ClosedDay.objects.filter(library=None, year__gte=year).values_list("year").annotate(n=Count("pk"))
    )
    if not count:
        told = _("No day of this year is closed for everybody.")
    else:
        told = "; ".join(
            _("%(year)s: %(days)s") % {"year": one, "days": ngettext("%(n)s day", "%(n)s days", n) % {"n": n}}
            for one, n in sorted(count.items())
        )
    return Line(
        Area.CALENDAR, _("Days on which every library is closed"), told, reverse("members:network_calendar")
    )


def _covers() -> Line:
    row = CoverProvider.objects.first()
    now = provider.current()
    told: Any = (
        _("Pictures come from %(host)s, %(n)s a minute at most.")
        % {"host": provider.host(), "n": now.per_minute}
        if now.address
        else _("Every cover is drawn.")
    )
    return Line(
        Area.CATALOGUE, _("Covers"), told, reverse("catalog:covers"), row.changed_at if row else None,
        is_usual=row is None,
    )  # fmt: skip


def _outside() -> Line:
    count = OutsideCatalogue.objects.count()
    told = ngettext("%(n)s catalogue outside is offered.", "%(n)s catalogues outside are offered.", count)
    return Line(Area.CATALOGUE, _("Catalogues outside"), told % {"n": count}, reverse("catalog:outside"))


def _sources() -> Line:
    count = Source.objects.filter(enabled=True).count()
    told = ngettext("%(n)s source is harvested.", "%(n)s sources are harvested.", count)
    return Line(Area.CATALOGUE, _("Sources"), told % {"n": count}, reverse("catalog:sources"))
