"""What the network decides about its members and their people."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from network_portal.core.netsettings import Area, Days, Switch, Whole

SECOND_FACTOR = Switch(
    "people.second_factor", Area.PEOPLE, gettext_lazy("Second factor of staff"), "STAFF_MFA_REQUIRED",
    lambda on: _("Staff sign in with a second factor.") if on else _("Staff may sign in with a password alone."),
    gettext_lazy(
        "Without it, whoever guesses one password of a librarian sees what the library's readers borrow."
    ),
)  # fmt: skip
IMPORT_UNDO_DAYS = Whole(
    "people.import_undo_days", Area.PEOPLE, gettext_lazy("Days to take back an import of readers"), 30,
    lambda n: ngettext(
        "An import of readers can be taken back for %(n)s day.",
        "An import of readers can be taken back for %(n)s days.", n,
    ) % {"n": n},
    gettext_lazy("So long the rows of the file are kept; then they are deleted."), most=90,
)  # fmt: skip
ERASURE_GRACE_DAYS = Whole(
    "people.erasure_grace_days", Area.PEOPLE, gettext_lazy("Days before a person is erased"), 14,
    lambda n: ngettext(
        "Who asks to be erased has %(n)s day to think better of it.",
        "Who asks to be erased has %(n)s days to think better of it.", n,
    ) % {"n": n},
    gettext_lazy("It counts for what is asked from now on. The law wants it done without delay."), most=30,
)  # fmt: skip
CONFIRM_DAYS = Whole(
    "joining.confirm_days", Area.MEMBERS, gettext_lazy("Days to confirm an application"), 7,
    lambda n: ngettext(
        "The mailed link that confirms an application is good for %(n)s day.",
        "The mailed link that confirms an application is good for %(n)s days.", n,
    ) % {"n": n},
    most=60,
)  # fmt: skip
FORGET_DAYS = Whole(
    "joining.forget_days", Area.MEMBERS, gettext_lazy("Days to keep an unconfirmed application"), 14,
    lambda n: ngettext(
        "An application that nobody confirmed is deleted after %(n)s day.",
        "An application that nobody confirmed is deleted after %(n)s days.", n,
    ) % {"n": n},
    most=180,
)  # fmt: skip
WITHDRAWN_DAYS = Whole(
    "joining.withdrawn_days", Area.MEMBERS, gettext_lazy("Days to keep a withdrawn application"), 90,
    lambda n: ngettext(
        "An application that was withdrawn is deleted after %(n)s day.",
        "An application that was withdrawn is deleted after %(n)s days.", n,
    ) % {"n": n},
    most=730,
)  # fmt: skip
WARN_DAYS = Days(
    "agreements.warn_days", Area.MEMBERS, gettext_lazy("Warnings before an agreement ends"), (90, 30, 7),
    lambda days: _("The parties are warned %(days)s days before an agreement ends.")
    % {"days": ", ".join(map(str, days))},
    gettext_lazy("Each number of days is one mail."),
)  # fmt: skip
