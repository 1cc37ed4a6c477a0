"""What the audit trail says about shared documents, questions, experts and news."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.audit import register

register("members.knowledge.shared", _("“%(target)s” was shared."))
register("members.knowledge.changed", _("What is said about “%(target)s” was changed."))
register("members.knowledge.version", _("“%(target)s”: version %(number)s was added."))
register("members.knowledge.hidden", _("“%(target)s” was hidden. Reason: %(reason)s"))
register("members.knowledge.shown", _("“%(target)s” is shown again."))
register("members.question.asked", _("Asked: “%(target)s”"))
register("members.question.edited", _("“%(target)s”: the question was edited."))
register("members.question.public", _("“%(target)s”: shown to everybody."))
register("members.question.private", _("“%(target)s”: shown to staff alone."))
register("members.question.closed", _("“%(target)s”: closed."))
register("members.question.opened", _("“%(target)s”: open again."))
register("members.question.reported", _("“%(target)s” was reported."))
register("members.question.settled", _("“%(target)s”: a report was settled."))
register("members.post.hidden", _("“%(target)s” was hidden. Reason: %(reason)s"))
register("members.post.shown", _("“%(target)s” is shown again."))
register("members.answer.given", _("“%(target)s”: an answer was given."))
register("members.answer.edited", _("“%(target)s”: an answer was edited."))
register("members.answer.helpful", _("“%(target)s”: an answer was marked as helpful."))
register("members.answer.unmarked", _("“%(target)s”: an answer lost its mark."))
register("members.expert.listed", _("%(target)s stands in the directory of who knows what."))
register("members.expert.left", _("%(target)s left the directory of who knows what."))
register("members.expert.written", _("%(target)s got a message through the directory."))
register("members.news.saved", _("The announcement “%(target)s” was saved."))
register("members.news.published", _("The announcement “%(target)s” was published."))
register("members.news.withdrawn", _("The announcement “%(target)s” was withdrawn."))
register("members.news.deleted", _("The announcement “%(target)s” was deleted."))
register("members.network_page.saved", _("The page of %(target)s was changed (version %(number)s)."))
