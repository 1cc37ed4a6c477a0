"""What the audit trail says about members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

register("members.library.created", _("%(target)s joined the network."))
register("members.library.updated", _("%(target)s was changed."))
register("members.patron.signed_up", _("%(target)s: signed up and waits for the library."))
register("members.membership.asked", _("%(target)s: asked to become a reader."))
register("members.membership.confirmed", _("%(target)s: confirmed."))
register("members.membership.refused", _("%(target)s: refused. Reason: %(reason)s"))
register("members.membership.ended", _("%(target)s: ended."))
register("members.staff.added", _("%(target)s: added to the staff."))
register("members.staff.invited", _("%(target)s: invited to the staff."))
register("members.staff.invited_again", _("%(target)s: the invitation was sent again."))
register("members.staff.exported", _("%(target)s: the list of staff was exported."))
register("members.people.exported", _("The list of readers of %(library)s was exported."))
register("members.import.started", _("The import of readers from %(target)s was started: %(rows)s rows."))
register(
    "members.import.done",
    _("Readers from %(target)s: %(created)s new, %(updated)s changed, %(refused)s refused."),
)
register("members.import.undoing", _("The import of readers from %(target)s is being undone."))
register("members.import.undone", _("The import of readers from %(target)s was undone."))
register("members.privacy.exported", _("%(target)s: personal data were saved as a file."))
register("members.privacy.erasure_asked", _("Person %(target)s: erasing was asked for."))
register("members.privacy.erasure_cancelled", _("Person %(target)s: erasing was taken back."))
register("members.privacy.erased", _("Person %(target)s was erased."))
register("members.staff.withdrawn", _("%(target)s: the invitation was withdrawn."))
register("members.staff.role_set", _("%(target)s: the role was changed from %(before)s to %(role)s."))
register("members.category.saved", _("%(target)s changed the kind of reader “%(name)s”."))
register("members.category.removed", _("%(target)s removed the kind of reader “%(name)s”."))
register("members.standing.set", _("%(target)s: kind and end of the membership changed."))
register("members.standing.blocked", _("%(target)s: blocked from asking."))
register("members.privacy.set", _("%(target)s changed how long their history is kept."))
register("members.profile.updated", _("%(target)s changed their profile."))
register("members.working_library.chosen", _("Works for %(target)s from now on."))
register("members.network.created", _("The network %(target)s was made."))
register("members.network.updated", _("The rules of the network %(target)s were changed."))
register("members.network.joined", _("%(target)s joined the network %(network)s."))
register("members.network.arranged", _("The places of the members of %(target)s were changed."))
register("members.network.remodelled", _("%(target)s: new rules were put live as version %(version)s."))
register(
    "members.network.restored",
    _("%(target)s: version %(restored)s of the rules was brought back as version %(version)s."),
)
register("members.network.draft_made", _("%(target)s: a draft of new rules was begun."))
register("members.network.draft_changed", _("%(target)s: a draft of new rules was changed."))
register("members.network.draft_dropped", _("%(target)s: a draft of new rules was dropped."))
register(
    "members.network.previewed", _("%(target)s: a draft of new rules was compared with the latest requests.")
)
register("members.calendar.hours", _("%(target)s changed its working hours."))
register("members.calendar.closed", _("Closed from %(day)s to %(until)s: %(name)s"))
register("members.calendar.holidays", _("%(count)s holidays of %(year)s taken over for every library"))
register("members.calendar.opened", _("No longer closed from %(day)s to %(until)s: %(name)s"))
register("members.policy.updated", _("%(target)s: terms for %(service)s were changed."))
register("members.policy.part_saved", _("%(target)s: terms were changed (%(part)s)."))
register("members.policy.part_removed", _("%(target)s: taken out of the terms (%(part)s): %(name)s"))
