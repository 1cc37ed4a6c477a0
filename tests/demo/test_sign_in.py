"""The demo's library with a sign-in that is prepared and off."""

from __future__ import annotations

import pytest

from members.choices import Role
from members.models import SignInProvider
from network_portal.demo.sign_in import CODE, MANAGER, ensure_sign_in
from tests.members.world import make_library, make_member


@pytest.mark.django_db
def test_the_sign_in_of_the_demo_is_prepared_once_and_off() -> None:
    library = make_library(CODE)
    make_member(MANAGER, library, Role.MANAGER)
    assert [ensure_sign_in({CODE: library}) for _time in range(2)] == [1, 0]
    assert not SignInProvider.objects.get(library=library).is_on
