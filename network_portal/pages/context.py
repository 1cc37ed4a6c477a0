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
from network_portal.core.actor import Actor

STYLESHEETS = (
    "css/tokens.css", "css/base.css", "css/layout.css", "css/components.css", "css/forms.css", "css/staff.css",
    "css/pages-catalog.css", "css/pages-reports.css", "css/pages-loans.css", "css/pages-desk.css",
    "css/pages-members.css", "css/utilities.css",
)  # fmt: skip
# Pages that belong to an entry of the menu though their address does not begin with its own.
ALSO_IN = {
    "catalog:search": ("/edition/",),
    "catalog:sources": ("/runs/", "/streams/", "/copying/"),
}


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool = False
    todo: int = 0  # how much waits there for this person's library


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. Lists are lazy: an error page without a session asks for none of them."""
    actor: Actor = getattr(request, "actor", None) or Actor.anonymous()
    return {
        "portal_name": settings.PORTAL_NAME,
        "demo": settings.DEMO,
        "stylesheets": STYLESHEETS,
        "actor": actor,
        "nav": SimpleLazyObject(lambda: _main(request, actor)),
        "person_nav": SimpleLazyObject(lambda: _person(request, actor)),
    }


def _main(request: HttpRequest, actor: Actor) -> list[NavItem]:
    items = [(_("Catalogue"), "catalog:search")]
    if actor.can("request.manage"):
        items.append((_("We borrow"), "loans:queue_requesting"))
    if actor.can("supply.manage"):
        items.append((_("We lend"), "loans:queue_supplying"))
    if actor.can("network.desk") and leads_a_network(actor):
        items.append((_("Coordinator's desk"), "loans:queue_desk"))
    if actor.can("network.requests"):
        items.append((_("All requests"), "loans:queue_network"))
    if actor.is_authenticated and not (actor.can("request.manage") or actor.can("network.requests")):
        items.append((_("My requests"), "loans:my_requests"))
    if actor.can("people.confirm"):
        items.append((_("Readers"), "members:people"))
    if actor.can("source.view"):
        items.append((_("Sources"), "catalog:sources"))
    items.append((_("Libraries"), "members:libraries"))
    if not actor.is_authenticated:
        items.append((_("Help"), "pages:help"))
    waiting: dict[str, int] = {}
    if any(name == "loans:queue_desk" for _label, name in items):
        waiting["loans:queue_desk"] = desk_count(actor)
    waiting |= {f"loans:queue_{side}": count for side, count in open_duties(actor).items()}
    if actor.can("source.manage"):
        waiting["catalog:sources"] = care_count(actor)
    return _resolve(items, request, waiting)


def _person(request: HttpRequest, actor: Actor) -> list[NavItem]:
    items = [(_("My account"), "members:account")]
    if actor.can("request.manage") or actor.can("supply.manage") or actor.can("network.requests"):
        items.append((_("My requests"), "loans:my_requests"))
        items.append((_("What is late"), "loans:stuck"))
    working = getattr(request, "working", None)
    if working is not None and len(working.choices) > 1:
        items.append((_("Choose the library you work for"), "members:working_library"))
    for capability, label, name in (
        ("stats.view", _("Figures"), "loans:figures_network"),
        ("money.manage", _("Charges"), "loans:money"),
        ("network.manage", _("Charges"), "loans:money"),
        ("network.manage", _("Networks"), "members:networks"),
        ("network.manage", _("Holidays"), "members:network_calendar"),
        ("network.manage", _("Which libraries, and why"), "loans:routing_explain"),
        ("network.manage", _("Copyright rules"), "loans:copy_rules"),
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
        )
        for label, name in items
        for url in (reverse(name),)
    ]


def _below(url: str) -> tuple[str, ...]:
    return (url,) if len(url) > 1 else ()
