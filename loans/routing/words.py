"""The sentences of routing, one per code: stages, who is left out, how a rota ends. Data for explain.py."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STAGES: Mapping[str, Promise] = {
    "centre_first": _("%(name)s is the special centre of the network and supplies first."),
    "centre_last": _("%(name)s is the special centre of the network and supplies when all others could not."),
    "last_resort": _("%(name)s is asked last of all, when nobody else could help."),
    "broadcast": _("Shown to %(count)s libraries at once; the first that takes it has it."),
    "offers": _(
        "Shown to %(count)s libraries at once; after %(hours)s working hours the best placed of the willing gets it."
    ),
    "ranked": _("Asked one after the other, the best placed first."),
    "parallel": _("Asked %(count)s at a time, the best placed first; the first that takes it has it."),
    "relay": _("%(hub)s passes the request on, the best placed library first."),
    "relay_opaque": _(
        "%(hub)s passes the request on, the best placed library first; both sides see the hub only."
    ),
    "ring": _("Handed round the ring in its fixed order, at most %(hops)s times."),
    "off_ring": _("Members without a place in the ring, the best placed first."),
    "ring_broken": _("Express: the order of the ring is left, and the best placed library is asked first."),
    "region": _("Region %(level)s, below %(centre)s; after %(hours)s hours the request climbs on."),
    "elsewhere": _("Libraries outside the regions."),
    "neighbour": _("The neighbouring network %(network)s."),
    "neighbour_guided": _("The coordinator of the network %(network)s, who asks the libraries there."),
}

LEFT: Mapping[str, Promise] = {
    "own": _("is the library that asks"),
    "outside": _("is not in your network"),
    "not_active": _("does not take part at the moment"),
    "tried": _("was asked already"),
    "service": _("does not offer this service"),
    "on_the_spot": _("has copies for use on the spot only"),
    "format": _("does not lend this kind of material"),
    "level": _("does not serve requests as urgent as this"),
    "do_not_route": _("one of the two libraries asked not to be connected"),
    "cap": _("has reached its limit of open requests (%(count)s)"),
    "week": _("pauses: it supplied %(count)s in the last seven days, as many as it set itself"),
    "month": _("pauses: it supplied %(count)s in the last thirty days, as many as it set itself"),
    "yearly": _("has reached its limit for your library this year (%(count)s)"),
    "paused": _("pauses: it gave %(count)s more than it received"),
    "cost": _("costs more than the limit (%(currency)s %(amount)s)"),
    "not_held": _("is not known to have this title"),
    "closed": _("is closed for %(days)s more days"),
    "retained": _(
        "is outside the region, which keeps requests it can serve from %(count)s libraries of its own"
    ),
}

NOTES: Mapping[str, Promise] = {
    "guided": _("This network is guided: every request passes the coordinator, and so does every message."),
    "clearing": _(
        "The special centre settles the accounts between the libraries; it does not change the order."
    ),
}

ENDS: Mapping[str, Promise] = {
    "all_tried": _("Every library of the plan was asked."),
    "nobody": _("No library can be asked for this title at the moment."),
}

AVAILABLE: Mapping[str, Promise] = {
    "available": _("available"),
    "reference": _("for use on the spot"),
    "on_loan": _("on loan"),
    "unknown": _("availability not known"),
}
