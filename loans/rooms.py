"""Which room does what at which step: the lines that join them to the workflow. Called once, when the app starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loans.workflow.taking import Taking


def connect() -> None:
    from loans.coordination import steps as desk
    from loans.delivery import steps as copies
    from loans.money import steps as money
    from loans.money.charges import charge_after, dearer_than_agreed, uncharge
    from loans.routing import plans
    from loans.routing import steps as routing_steps
    from loans.services.intake import look_again
    from loans.workflow import effects, guards, hooks

    hooks.GUARDS.update(guards.GUARDS)
    hooks.EFFECTS.update(effects.EFFECTS)
    hooks.GUARDS.update(
        copyright=copies.guard_copyright, upload_done=copies.guard_upload_done, resend=copies.guard_resend,
        download=copies.guard_download,
    )  # fmt: skip
    hooks.EFFECTS.update(
        upload_done=copies.effect_upload_done, release=copies.effect_release, download=copies.effect_download,
        purge=copies.effect_purge, reject=copies.effect_reject, not_downloaded=_not_downloaded,
    )  # fmt: skip
    hooks.MAIL_LINKS["copy_ready"] = copies.link_of
    hooks.GUARDS.update(assign=desk.guard_assign, send_over=desk.guard_send_over, deputy=desk.guard_deputy)
    hooks.EFFECTS.update(
        assign=desk.effect_assign, send_over=desk.effect_send_over, desk_edit=desk.effect_edit,
        deputy=desk.effect_deputy,
    )  # fmt: skip
    hooks.ARRIVED[:] = [desk.arrived]
    hooks.EFFECTS.update(claim_cost=money.effect_claim_cost, settle_cost=money.effect_settle_cost)
    hooks.NEXT_MOVE[:] = [plans.next_step]
    hooks.SEATS[:] = [plans.seats]
    hooks.BEFORE[:] = [routing_steps.hold_token, dearer_than_agreed]  # type: ignore[list-item]
    hooks.AFTER[:] = routing_steps.AFTER
    hooks.AFTER.append(copies.after_step)
    hooks.AFTER.append(desk.pass_on_note)
    hooks.UNDONE[:] = [uncharge]
    hooks.CHECK[:] = [look_again]
    hooks.AFTER.append(charge_after)  # type: ignore[arg-type]  # it asks for less than a step has


def _not_downloaded(taking: Taking) -> None:
    """The reader never opened it: the file goes all the same."""
    from loans.delivery.steps import effect_purge

    taking.request.outcome_reason = "not_downloaded"
    effect_purge(taking)
