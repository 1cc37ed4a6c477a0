"""What is said of a copy speaks of a copy, where a loan takes the same step under the same name."""

from __future__ import annotations

import pytest
from django.urls import reverse

from loans.workflow.steps import STEPS, done_of, patron_note_of
from tests.loans.copies.scene import scanning
from tests.loans.pages import client_of, text_of
from tests.loans.world import World


def test_no_line_of_a_copy_says_that_it_is_lent() -> None:
    copies = [step for step in STEPS if "copy" in step.services]
    assert len(copies) > 20
    for step in copies:
        for line in (done_of(step.action, "copy"), patron_note_of(step.action, "copy")):
            assert "lend" not in str(line), step.action


@pytest.mark.django_db
def test_the_page_names_the_library_that_makes_the_copy(world: World) -> None:
    request = scanning(world).request
    page = text_of(client_of(world, "BDG").get(reverse("loans:request", args=[request.number])))
    assert "Library that makes the copy" in page
    assert "Lending library" not in page
