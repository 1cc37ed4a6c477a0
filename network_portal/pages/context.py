"""What every page knows: the portal's name, the navigation of whoever looks, the stylesheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from catalog.selectors.health import care_count
from loans.selectors.coordinator import desk_count, leads_a_network
from loans.selectors.queues import open_duties
from loans.selectors.unread import library_unread, unread_of_reader
from network_portal.core.actor import Actor
from network_portal.core.netsettings.portal import NAME

STYLESHEETS = (
    "css/tokens.css", "css/base.css", "css/layout.css", "css/components.css", "css/forms.css", "css/completion.css",
    "css/staff.css",
    "css/pages-catalog.css", "css/pages-record.css", "css/pages-reports.css", "css/pages-matching.css",
    "css/pages-loans.css", "css/pages-desk.css", "css/pages-members.css", "css/pages-learning.css",
    "css/utilities.css",
)  # fmt: skip
# Pages that belong to an entry of the menu though their address does not begin with its own.
ALSO_IN = {
    "catalog:search": ("/edition/",),
    "members:learning": ("/certificates/", "/knowledge/", "/questions/", "/experts/", "/news/"),
    "catalog:sources": ("/runs/", "/streams/", "/copying/", "/matching/"),
}


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool = False
    todo: int = 0  # how much waits there for this person's library
    unread: bool = False  # what waits are words, not work


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. Lists are lazy: an error page without a session asks for none of them."""
    actor: Actor = getattr(request, "actor", None) or Actor.anonymous()
    return {
        "portal_name": NAME.now(),
        "demo": settings.DEMO,
        "stylesheets": STYLESHEETS,
        "actor": actor,
        "nav": SimpleLazyObject(lambda: _main(request, actor)),
        "person_nav": SimpleLazyObject(lambda: _person(request, actor)),
    }


def _main(request: HttpRequest, actor: Actor) -> list[NavItem]:
    items = [(_("Catalogue"), "catalog:search"), (_("Browse"), "catalog:browse")]
    if actor.can("request.manage"):
        items.append((_("We borrow"), "loans:queue_requesting"))
    if actor.can("supply.manage"):
        items.append((_("We lend"), "loans:queue_supplying"))
    if actor.can("network.desk") and leads_a_network(actor):
        items.append((_("Coordinator's desk"), "loans:queue_desk"))
    if actor.can("network.requests"):
        items.insert(0, (_("Overview"), "pages:overview"))
        items.append((_("All requests"), "loans:queue_network"))
    elif actor.can("request.manage"):
        items.insert(0, (_("Today"), "pages:today"))
    staff = actor.can("request.manage") or actor.can("supply.manage")
    if actor.is_authenticated and not (actor.can("request.manage") or actor.can("network.requests")):
        items.append((_("My requests"), "loans:my_requests"))
    waiting: dict[str, int] = {"loans:my_requests": 0 if staff else unread_of_reader(actor.user_id)}
    unread = library_unread(actor) if staff or actor.can("network.desk") else 0
    if unread:
        items.append((_("Messages"), "loans:inbox"))
        waiting["loans:inbox"] = unread
    if actor.can("people.confirm"):
        items.append((_("Readers"), "members:people"))
    if actor.can("source.view"):
        items.append((_("Sources"), "catalog:sources"))
    items.append((_("Libraries"), "members:libraries"))
    items.append((_("Learning"), "members:learning"))
    if not actor.is_authenticated:
        items += [(_("My lists"), "catalog:lists"), (_("Help"), "pages:help")]
    if any(name == "loans:queue_desk" for _label, name in items):
        waiting["loans:queue_desk"] = desk_count(actor)
    waiting |= {f"loans:queue_{side}": count for side, count in open_duties(actor).items()}
    if actor.can("source.manage"):
        waiting["catalog:sources"] = care_count(actor)
    return _resolve(items, request, waiting)


def _person(request: HttpRequest, actor: Actor) -> list[NavItem]:
    items = [(_("My account"), "members:account"), (_("My lists"), "catalog:lists")]
    items.append((_("Saved searches"), "catalog:saved"))
    if actor.can("request.manage") or actor.can("supply.manage") or actor.can("network.requests"):
        items.append((_("My requests"), "loans:my_requests"))
        items.append((_("What is late"), "loans:stuck"))
    if actor.can("request.manage") or actor.can("supply.manage") or actor.can("network.desk"):
        items.append((_("Messages"), "loans:inbox"))
    working = getattr(request, "working", None)
    if working is not None and len(working.choices) > 1:
        items.append((_("Choose the library you work for"), "members:working_library"))
    for capability, label, name in (
        ("knowledge.share", _("Shared knowledge"), "knowledge:items"),
        ("knowledge.share", _("Questions"), "knowledge:questions"),
        ("knowledge.share", _("Who knows what"), "knowledge:experts"),
        ("stats.view", _("Buying and weeding"), "acquiring:wanted"),
        ("stats.view", _("Figures"), "loans:figures_network"),
        ("stats.view", _("Balance and benefit"), "loans:balance"),
        ("stats.view", _("What is searched"), "catalog:search_statistics"),
        ("money.manage", _("Charges"), "loans:money"),
        ("network.manage", _("Charges"), "loans:money"),
        ("network.manage", _("Network settings"), "pages:settings"),
        ("network.manage", _("Networks"), "members:networks"),
        ("network.manage", _("Libraries that want to join"), "members:applications"),
        ("library.edit", _("Agreements"), "members:agreements"),
        ("request.manage", _("How requests travel"), "loans:network_models"),
        ("network.manage", _("Holidays"), "members:network_calendar"),
        ("network.manage", _("Which libraries, and why"), "loans:routing_explain"),
        ("network.manage", _("Copyright rules"), "loans:copy_rules"),
        ("network.manage", _("Covers"), "catalog:covers"),
        ("mail.view", _("Mail outbox"), "core:mail"),
        ("job.view", _("Background work"), "core:jobs"),
        ("audit.view", _("Audit trail"), "core:audit"),
    ):
        if actor.can(capability):
            items.append((label, name))
    return _resolve([*items, (_("Help"), "pages:help")], request)


def _resolve(
    items: list[tuple[str, str]], request: HttpRequest, todo: dict[str, int] | None = None
) -> list[NavItem]:
    return [
        NavItem(
            label,
            url,
            current=request.path == url or request.path.startswith((*ALSO_IN.get(name, ()), *_below(url))),
            todo=(todo or {}).get(name, 0),
            unread=name in ("loans:inbox", "loans:my_requests"),
        )
        for label, name in items
        for url in (reverse(name),)
    ]


def _below(url: str) -> tuple[str, ...]:
    return (url,) if len(url) > 1 else ()
