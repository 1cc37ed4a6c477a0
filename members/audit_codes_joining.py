"""What the audit trail says about joining, agreements and leaving."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

register("members.join.sent", _("%(target)s applied to join."))
register("members.join.confirmed", _("%(target)s confirmed the address of its application."))
register("members.join.asked", _("%(target)s was asked about its application."))
register("members.join.answered", _("%(target)s answered about its application."))
register("members.join.accepted", _("%(target)s was accepted with the code %(code)s."))
register("members.join.refused", _("The application of %(target)s was refused."))
register("members.join.withdrawn", _("%(target)s took its application back."))
register("members.join.forgotten", _("An application was deleted: its time was over."))
register("members.join.opened", _("%(target)s takes part in the network."))
register("members.agreement.created", _("The agreement “%(target)s” was begun."))
register("members.agreement.written", _("The draft %(number)s of “%(target)s” was changed."))
register("members.agreement.next", _("A draft %(number)s of “%(target)s” was begun."))
register("members.agreement.published", _("Version %(number)s of “%(target)s” was published."))
register("members.agreement.accepted", _("%(target)s accepted version %(number)s of “%(agreement)s”."))
register("members.agreement.proposed", _("Version %(number)s of “%(target)s” was proposed."))
register("members.agreement.declined", _("%(target)s declined version %(number)s of “%(agreement)s”."))
register("members.agreement.notice", _("%(target)s gave notice for version %(number)s of “%(agreement)s”."))
register("members.agreement.ended", _("Version %(number)s of “%(target)s” ended."))
register("members.agreement.party", _("%(target)s is to take part in “%(agreement)s”."))
register("members.standing.suspended", _("%(target)s was suspended. Reason: %(reason)s"))
register("members.standing.leaving", _("%(target)s is leaving the network. Reason: %(reason)s"))
register("members.standing.stays", _("%(target)s stays after all: its leaving was called off."))
register("members.standing.left", _("%(target)s has left the network."))
register("members.standing.returned", _("%(target)s takes part again."))
