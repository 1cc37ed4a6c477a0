"""What the network decides about catalogue and search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, ngettext

from network_portal.core.netsettings import Area, Whole

LEAST_ASKERS = Whole(
    "search.least_askers", Area.CATALOGUE, gettext_lazy("Searches that librarians see"), "USAGE_LEAST_ASKERS",
    lambda n: ngettext(
        "What was searched is shown to librarians if %(n)s person asked it in a day.",
        "What was searched is shown to librarians if %(n)s different people asked it in a day.", n,
    ) % {"n": n},
    gettext_lazy("Fewer would let librarians guess who looked for what."), least=2, most=100,
)  # fmt: skip
GUEST_LIST_DAYS = Whole(
    "lists.guest_days", Area.CATALOGUE, gettext_lazy("Days a list without an account is kept"), 365,
    lambda n: ngettext(
        "A list made without an account is deleted %(n)s day after its last change.",
        "A list made without an account is deleted %(n)s days after its last change.", n,
    ) % {"n": n},
    most=365,
)  # fmt: skip
DELETED_DAYS = Whole(
    "catalogue.deleted_days", Area.CATALOGUE, gettext_lazy("Days a deleted record is kept"), 30,
    lambda n: ngettext(
        "A record that its library deleted is kept for %(n)s day, should it come back.",
        "A record that its library deleted is kept for %(n)s days, should it come back.", n,
    ) % {"n": n},
    gettext_lazy("So long corrections made by hand wait for it."), most=365,
)  # fmt: skip
