"""What the audit trail says about buying and weeding together."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

register(
    "catalog.purchase.marked",
    _("“%(target)s”: %(library)s said whether it buys it (copies: %(copies)s, by: %(until)s)."),
)
register(
    "catalog.purchase.changed",
    _("“%(target)s”: %(library)s changed what it says of buying it (copies: %(copies)s, by: %(until)s)."),
)
register("catalog.purchase.undone", _("“%(target)s”: the last mark was taken back."))
register("catalog.purchase.withdrawn", _("“%(target)s”: the plan to buy it was withdrawn."))
register("catalog.purchase.held", _("“%(target)s”: the copy is in the catalogue, the plan is fulfilled."))
register("catalog.weeding.checked", _("The weeding list “%(target)s” was checked: %(rows)s rows."))
register("catalog.weeding.dropped", _("The weeding list “%(target)s” was thrown away."))
register("catalog.keep.promised", _("“%(target)s”: %(library)s promised to keep it (until %(until)s)."))
register("catalog.keep.ended", _("“%(target)s”: %(library)s no longer promises to keep it."))
register(
    "catalog.offer.made",
    _("“%(target)s” was offered: %(titles)s titles, %(last)s of them last copies, until %(until)s."),
)
register("catalog.offer.claimed", _("“%(target)s”: %(library)s would take “%(title)s”."))
register("catalog.offer.unclaimed", _("“%(target)s”: %(library)s no longer wants “%(title)s”."))
register("catalog.offer.given", _("“%(target)s”: “%(title)s” goes to %(to)s."))
register("catalog.offer.kept", _("“%(target)s”: “%(title)s” is kept after all."))
register("catalog.offer.weeded", _("“%(target)s”: “%(title)s” was weeded."))
register("catalog.offer.reopened", _("“%(target)s”: the decision about “%(title)s” was taken back."))
register("catalog.offer.closed", _("The offer “%(target)s” was closed."))
