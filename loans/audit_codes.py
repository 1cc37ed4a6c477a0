"""What the audit trail says about requests: one sentence per step of the workflow, and the messages."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from loans.workflow.steps import BACKWARDS, STEPS, SUBMIT_DONE
from network_portal.core.audit import register


def code_of(action: str) -> str:
    return f"loans.request.{action}"


def register_all() -> None:
    register(code_of("submit"), format_lazy("%(target)s: {done}", done=SUBMIT_DONE))
    for action, done in BACKWARDS.items():
        register(code_of(action), format_lazy("%(target)s: {done}", done=done))
    for step in STEPS:
        register(code_of(step.action), format_lazy("%(target)s: {done}", done=step.done))
    register("loans.reader.wrote", _("%(target)s: the reader wrote to the library."))
    register("loans.reader.answered", _("%(target)s: the library wrote to the reader."))
    register("loans.mediation.saved", _("%(target)s: a rule for going out without a look was saved."))
    register("loans.mediation.removed", _("%(target)s: a rule for going out without a look was removed."))
    register("loans.coordinator_rule.saved", _("%(target)s: a rule of the coordinator's desk was saved."))
    register("loans.coordinator_rule.removed", _("%(target)s: a rule of the coordinator's desk was removed."))
    register("loans.coordinator_rule.moved", _("%(target)s: a rule of the coordinator's desk was moved."))
    register("loans.year_reports.asked", _("The yearly reports of %(year)s were asked for."))
    register(
        "loans.price.assumed",
        _("%(target)s: buying one (%(kind)s) is assumed to cost %(currency)s %(amount)s from %(from)s on."),
    )
    register("loans.bag.opened", _("Bag %(target)s to %(to)s was opened."))
    register("loans.bag.closed", _("Bag %(target)s was closed with %(books)s books."))
    register("loans.bag.sent", _("Bag %(target)s was sent to %(to)s with %(books)s books."))
    register("loans.handling.set", _("%(target)s: looked after by %(to)s."))
    register("loans.message.sent", _("%(target)s: message to %(to)s."))
    register("loans.timers.set", _("%(target)s: own hours were set for %(states)s."))
    register("loans.charge.added", _("%(target)s: %(amount)s %(currency)s charged."))
    register("loans.charge.settled", _("%(target)s: the claim of %(amount)s %(currency)s is settled."))
    register("loans.rate.set", _("Exchange rate of %(currency)s from %(valid_from)s on: %(per_unit)s."))
    register("loans.charge.waived", _("%(target)s: %(amount)s waived."))
    register("loans.statements.made", _("%(count)s statements made for %(month)s."))
    register("loans.statement.agree", _("Statement %(target)s: agreed."))
    register("loans.statement.dispute", _("Statement %(target)s: disputed. Reason: %(note)s"))
    register("loans.statement.settle", _("Statement %(target)s: settled."))
    register(
        "loans.copyright.decided",
        _("%(target)s: copyright rules %(version)s answered “%(outcome)s” (%(rules)s)."),
    )
    register(
        "loans.copyright.rules_added",
        _("Copyright rules %(target)s were added; they count from %(valid_from)s on."),
    )
    register("loans.copyright.rules_removed", _("Copyright rules %(target)s were taken back."))
    register("loans.copyright.rules_checked", _("Copyright rules %(target)s: checked by %(by)s."))
    register(
        "loans.copyright.jurisdiction_set", _("%(target)s: copyright law of %(now)s instead of %(was)s.")
    )
    register("loans.copyright.offer_saved", _("The licence for %(identifier)s was saved."))
    register("loans.copyright.offer_removed", _("The licence for %(identifier)s was removed."))
    register(
        "loans.copyright.evidence_deleted",
        _(
            "Evidence about copies, its time over: %(decisions)s decisions, %(declarations)s declarations deleted."
        ),
    )
    register(
        "loans.copyright.overridden",
        _("%(target)s: let through against the copyright rules: %(reason)s"),
    )
    register(
        "loans.limit.near", _("%(target)s comes near a limit it set: %(count)s of %(most)s (%(limit)s).")
    )
    register(
        "loans.limit.reached", _("%(target)s reached a limit it set: %(count)s of %(most)s (%(limit)s).")
    )
    register("loans.limit.over", _("%(target)s is below its limit again: %(count)s of %(most)s (%(limit)s)."))
    register("loans.note.written", _("%(target)s: a note for the own staff."))
    register("loans.queue.exported", _("The list of requests (%(queue)s) was taken out as CSV."))
    register("loans.template.saved", _("Message template “%(name)s” was saved."))
    register("loans.template.removed", _("Message template “%(name)s” was removed."))
