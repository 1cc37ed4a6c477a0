"""What the audit trail says about programmes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

register("members.learning.proposed", _("The programme “%(target)s” was proposed."))
register("members.learning.changed", _("The programme “%(target)s” was changed."))
register("members.learning.open", _("The programme “%(target)s” was opened."))
register("members.learning.refuse", _("The programme “%(target)s” was not accepted."))
register("members.learning.repropose", _("The programme “%(target)s” was proposed again."))
register("members.learning.finish", _("The programme “%(target)s” was closed as done."))
register("members.learning.cancel", _("The programme “%(target)s” was cancelled."))
register("members.learning.rule_set", _("%(target)s: the rule for programmes was changed."))
register("members.learning.registered", _("%(target)s: somebody registered."))
register("members.learning.agreed", _("%(target)s: a library agreed to a registration."))
register("members.learning.registration_refused", _("%(target)s: a registration was refused."))
register("members.learning.withdrawn", _("%(target)s: somebody withdrew."))
register("members.learning.moved_up", _("%(target)s: somebody moved up from the waiting list."))
register("members.learning.attendance", _("%(target)s: attendance was marked (%(present)s were there)."))
register("members.learning.certificates", _("%(target)s: %(count)s certificates were made."))
register("members.learning.certificate_revoked", _("%(target)s: a certificate was revoked."))
register("members.learning.mentor", _("%(target)s: the mentor of an intern was named."))
register("members.learning.note", _("%(target)s: the note of the week of %(week)s was written."))
register("members.learning.assessed", _("%(target)s: an internship was assessed."))
register("members.learning.calendar_renewed", _("The link to the own calendar was renewed."))
