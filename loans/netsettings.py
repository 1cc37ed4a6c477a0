"""What the network decides about lending, where no library or network has a rule of its own."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from network_portal.core.netsettings import Area, Whole

OWN_RULE = gettext_lazy("It counts where the library has no policy of its own.")
HOLD_SHELF_DAYS = Whole(
    "loans.hold_shelf_days", Area.LENDING, gettext_lazy("Days on the hold shelf"), 10,
    lambda n: ngettext(
        "A book waits %(n)s day for its reader.", "A book waits %(n)s days for its reader.", n
    ) % {"n": n},
    OWN_RULE, most=90,
)  # fmt: skip
RENEWALS = Whole(
    "loans.renewals", Area.LENDING, gettext_lazy("Renewals of a loan"), 2,
    lambda n: ngettext(
        "A loan can be renewed %(n)s time.", "A loan can be renewed %(n)s times.", n
    ) % {"n": n},
    OWN_RULE, least=0, most=20,
)  # fmt: skip
RENEW_DAYS = Whole(
    "loans.renew_days", Area.LENDING, gettext_lazy("Days of a renewal"), 14,
    lambda n: ngettext(
        "A renewal makes a loan %(n)s day longer.", "A renewal makes a loan %(n)s days longer.", n
    ) % {"n": n},
    OWN_RULE, most=365,
)  # fmt: skip
RECALL_DAYS = Whole(
    "loans.recall_days", Area.LENDING, gettext_lazy("Days left after a recall"), 7,
    lambda n: ngettext(
        "Whose loan is recalled keeps it for %(n)s more day at least.",
        "Whose loan is recalled keeps it for %(n)s more days at least.", n,
    ) % {"n": n},
    OWN_RULE, least=0, most=60,
)  # fmt: skip
REOPEN_DAYS = Whole(
    "loans.reopen_days", Area.LENDING, gettext_lazy("Days to reopen a request"), 30,
    lambda n: ngettext(
        "A request that ended can be reopened for %(n)s day.",
        "A request that ended can be reopened for %(n)s days.", n,
    ) % {"n": n},
    most=365,
)  # fmt: skip
OWNER_TOLD_DAYS = Whole(
    "loans.owner_told_days", Area.LENDING, gettext_lazy("Days late until the owner is told"), 21,
    lambda n: ngettext(
        "The library that owns a book is told when it is %(n)s day late.",
        "The library that owns a book is told when it is %(n)s days late.", n,
    ) % {"n": n},
    most=365,
)  # fmt: skip
ANONYMISE_DAYS = Whole(
    "loans.anonymise_days", Area.LENDING, gettext_lazy("Days a reader's history is kept"), 180,
    lambda n: ngettext(
        "Who borrowed what is forgotten %(n)s day after the end of the request.",
        "Who borrowed what is forgotten %(n)s days after the end of the request.", n,
    ) % {"n": n},
    OWN_RULE, most=3650,
)  # fmt: skip
LIMIT_WARNING = Whole(
    "loans.limit_warning", Area.LENDING, gettext_lazy("Warning before a limit"), 80,
    lambda n: _("A library is told when %(n)s %% of a limit of what it lends are reached.") % {"n": n},
    gettext_lazy("In percent of the limit."), least=10, most=100,
)  # fmt: skip
QUOTE_DAYS = Whole(
    "money.quote_days", Area.MONEY, gettext_lazy("Days a price holds"), 30,
    lambda n: ngettext(
        "A price that was named holds for %(n)s day.", "A price that was named holds for %(n)s days.", n
    ) % {"n": n},
    gettext_lazy("It counts for prices that are named from now on."), most=365,
)  # fmt: skip
LINK_VIEWS = Whole(
    "copies.link_views", Area.COPIES, gettext_lazy("How often a reader may open a copy"), "COPY_LINK_VIEWS",
    lambda n: ngettext(
        "A reader may open a copy %(n)s time.", "A reader may open a copy %(n)s times.", n
    ) % {"n": n},
    gettext_lazy("It counts for copies that are handed over from now on."), most=100,
)  # fmt: skip
LINK_DAYS = Whole(
    "copies.link_days", Area.COPIES, gettext_lazy("Days a copy stays open to its reader"), "COPY_LINK_DAYS",
    lambda n: ngettext(
        "The reader's link to a copy works for %(n)s day; then the file is deleted.",
        "The reader's link to a copy works for %(n)s days; then the file is deleted.", n,
    ) % {"n": n},
    gettext_lazy("It counts for copies that are handed over from now on."), most=180,
)  # fmt: skip
FILES = Whole(
    "copies.files", Area.COPIES, gettext_lazy("Files of one copy"), "COPY_MAX_FILES",
    lambda n: ngettext("A copy is made of %(n)s file.", "A copy is made of %(n)s files at most.", n) % {"n": n},
    most=200,
)  # fmt: skip
