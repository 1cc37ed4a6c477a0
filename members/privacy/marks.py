"""By what a person is known in texts of the database."""

from __future__ import annotations

import re

from allauth.account.models import EmailAddress

from members.models import User
from network_portal.core.privacy import Marks


def marks_of(user: User) -> Marks:
    """Addresses, telephone, long card numbers and a name of several words belong to nobody else.

    A single name ("Budi") does: it is only taken out where the row is about the person.
    """
    emails = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    cards = set(user.memberships.values_list("card_number", flat=True))
    certain = {email for email in emails if email} | {card for card in cards if len(card) >= 6}
    if len(re.sub(r"\D", "", user.phone)) >= 7:
        certain.add(user.phone)
    if " " in user.name.strip():
        certain.add(user.name.strip())
    return Marks(
        pk=user.pk, email=user.email, certain=tuple(sorted(certain)),
        names=tuple(name for name in (user.name.strip(),) if len(name) > 1),
    )  # fmt: skip
