"""What the audit trail says about signing in through a library."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

register("members.sign_in.saved", _("%(target)s changed how its readers sign in."))
register("members.sign_in.tested", _("%(target)s tested the sign-in of its readers: %(outcome)s"))
register("members.sign_in.on", _("%(target)s lets its readers in through its own sign-in."))
register("members.sign_in.off", _("%(target)s lets no readers in through its own sign-in any more."))
register(
    "members.sign_in.new_reader", _("%(target)s: came for the first time through the library's sign-in.")
)
register("members.sign_in.bound", _("%(target)s: comes in through the library's sign-in from now on."))
register("members.sign_in.unbound", _("%(target)s: no longer comes in through the library's sign-in."))
register("members.sign_in.kept_up", _("%(target)s: card or kind were taken over from the library's sign-in."))
