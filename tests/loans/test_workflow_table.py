"""The table itself: sound, and every broken one is noticed."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.template.loader import get_template

from loans.choices import RequestStatus
from loans.workflow.checks import problems
from loans.workflow.states import GOOD_PATH, STATES
from loans.workflow.steps import ACTIONS, STEP_BY, STEPS, SUBMIT_MAILS
from network_portal.core import audit


def test_table_is_sound() -> None:
    assert problems() == []


def test_good_path_follows_the_arrows() -> None:
    arrows = {(source, step.target) for step in STEPS for source in step.sources}
    assert all(pair in arrows for pair in pairwise(GOOD_PATH))


def test_every_step_has_its_audit_sentence() -> None:
    codes = audit.registered_codes()
    assert all(f"loans.request.{step.action}" in codes for step in STEPS)


MAILS = sorted(
    {mail.template for step in STEPS for mail in step.mails} | {mail.template for mail in SUBMIT_MAILS}
)


@pytest.mark.parametrize("mail", MAILS)
def test_every_mail_of_the_table_has_its_three_templates(mail: str) -> None:
    for part in ("subject.txt", "body.txt", "body.html"):
        assert get_template(f"emails/{mail}_{part}")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            lambda steps: [s for s in steps if s.action not in ("complete", "write_off", "close_manually")],
            "is a dead end",
        ),
        (lambda steps: [s for s in steps if s.action != "ship"], "shipped cannot be reached by a loan"),
        (lambda steps: [replace(s, mails=(), no_mail="") for s in steps], "must either write to somebody"),
        (lambda steps: [replace(s, label="") for s in steps], "has no label"),
        (lambda steps: [replace(s, requires="") for s in steps], "requires no capability"),
        (lambda steps: [replace(s, ends_attempt=None) for s in steps], "leaves an attempt alive"),
        (lambda steps: [*steps, steps[0]], "two arrows approve leave submitted"),
    ],
)
def test_a_broken_table_is_noticed(change, complaint: str) -> None:  # type: ignore[no-untyped-def]
    assert any(complaint in text for text in problems(steps=change(list(STEPS))))


def test_a_state_that_offers_an_action_it_does_not_have_is_noticed() -> None:
    states = dict(STATES) | {"lent": replace(STATES["lent"], primary_action="ship")}
    assert "RequestStatus.LENT: offers ship, which does not leave it" in [
        text.replace("lent:", "RequestStatus.LENT:") for text in problems(states=states)
    ]


def test_a_state_without_a_deadline_is_noticed() -> None:
    states = dict(STATES) | {"asked": replace(STATES["asked"], clock=None)}
    assert any("waits without a deadline" in text for text in problems(states=states))


def test_lookup_by_state_and_action_agrees_with_the_list() -> None:
    rows = [
        (source, step.action, service)
        for step in STEPS
        for source in step.sources
        for service in step.services & STATES[source].services
    ]
    assert sorted(STEP_BY) == sorted(rows)
    assert set(ACTIONS) == {step.action for step in STEPS}
    assert set(STATES) <= set(RequestStatus.values)


def test_workflow_document_is_up_to_date() -> None:
    call_command("describe_workflow", "--check", stdout=StringIO())


def test_an_outdated_workflow_document_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "workflow.md").write_text("old")
    with pytest.raises(CommandError, match="not up to date"):
        call_command("describe_workflow", "--check", path=tmp_path / "workflow.md")
    assert (settings.BASE_DIR / "docs" / "workflow.md").is_file()
