"""What the audit trail says about the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

register("catalog.source.created", _("The source “%(target)s” was set up."))
register("catalog.source.changed", _("The source “%(target)s” was changed."))
register("catalog.columns.changed", _("It was said what the columns of “%(target)s” hold."))
register("catalog.rules.changed", _("The rules of “%(target)s” were changed."))
register("catalog.source.probe_asked", _("An examination of the server of “%(target)s” was started."))
register("catalog.source.explain_asked", _("The server of “%(target)s” was asked what it can do."))
register("catalog.key.made", _("The key “%(name)s” (%(key)s…) for “%(target)s” was made."))
register("catalog.key.revoked", _("The key “%(name)s” (%(key)s…) for “%(target)s” was taken back."))
register("catalog.run.queued", _("A loading of “%(target)s” was started."))
register("catalog.source.paused", _("Fetching from “%(target)s” was paused."))
register("catalog.source.resumed", _("Fetching from “%(target)s” was resumed."))
register(
    "catalog.stream.uploaded", _("A full file (%(file)s) was put beside the records of “%(target)s” in use.")
)
register("catalog.stream.switched", _("“%(target)s” was switched to another full file (%(file)s)."))
register("catalog.stream.dropped", _("A full file (%(file)s) beside “%(target)s” was dropped."))
register(
    "catalog.source.rekeyed",
    _("The record numbers of “%(target)s” were changed over to those of its new system."),
)
register("catalog.run.paused", _("The loading “%(target)s” was paused."))
register("catalog.run.resumed", _("The loading “%(target)s” was resumed."))
register("catalog.run.hurried", _("The loading “%(target)s” was told not to wait for its hours."))
register("catalog.run.stop_asked", _("The loading “%(target)s” was asked to stop."))
register(
    "catalog.run.finished",
    _(
        "The loading “%(target)s” ended: %(read)s records read, %(created)s new, %(updated)s changed,"
        " %(rejected)s rejected."
    ),
)
register(
    "catalog.run.deletes_confirmed", _("%(deleted)s records that “%(target)s” no longer held were taken out.")
)
register("catalog.run.deletes_refused", _("%(held)s records that “%(target)s” no longer held were kept."))
register("catalog.record.copied", _("“%(title)s” was copied from “%(from)s” into “%(target)s”."))
register("catalog.record.copy_removed", _("The copied record “%(title)s” was taken out of “%(target)s”."))
register("catalog.rematch.started", _("Matching all records anew was started (rules of %(target)s)."))
register(
    "catalog.rematch.switched", _("The catalogue was changed over to a new matching (rules of %(target)s).")
)
register("catalog.match.same", _("Records were found to be one edition: “%(target)s”."))
register("catalog.match.apart", _("Two records were kept apart: “%(target)s”."))
register("catalog.match.merge", _("Two editions were joined by hand: “%(target)s”."))
register("catalog.match.split", _("Records were taken out of an edition by hand: “%(target)s”."))
register("catalog.match.undone", _("A decision about records was taken back."))
register("catalog.covers.provider", _("The provider of covers was set: %(address)s"))
register("catalog.covers.provider_reset", _("The provider of covers is the server's own again."))
register("catalog.covers.forgotten", _("All covers were forgotten, %(count)s pictures among them."))
register("catalog.covers.asked_again", _("%(count)s titles without a cover are asked for again."))
register("catalog.outside.changed", _("“%(target)s” was put among the catalogues outside, or changed there."))
register("catalog.outside.removed", _("“%(target)s” is no longer among the catalogues outside."))
