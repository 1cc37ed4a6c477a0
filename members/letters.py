"""A plain letter by mail: a subject, paragraphs, somebody's words quoted, one link. In the recipient's language.

For news about applications, agreements and membership, which differ in nothing but their words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model
from django.utils import translation

from network_portal.core.actor import Actor
from network_portal.core.mail import Recipient, mail_queue
from network_portal.core.models import OutgoingMail


@dataclass(frozen=True)
class Correspondent:
    """An address that is not (or not yet) a known person's."""

    email: str
    name: str
    language: str = settings.LANGUAGE_CODE


@dataclass(frozen=True)
class Letter:
    """`path` is an address of the portal, `button` what stands on its link."""

    subject: str
    paragraphs: tuple[str, ...]
    path: str = ""
    button: str = ""
    quoted: str = ""


def letter_queue(
    write: Callable[[], Letter],
    *,
    to: Recipient,
    actor: Actor,
    target: Model,
    library_id: int | None = None,
    dedupe_key: str = "",
    sensitive: bool = False,
) -> OutgoingMail | None:
    """Let `write` compose the letter in the recipient's language, and queue it; None when it was sent before."""
    language = to.language if to.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        letter = write()
    return mail_queue(
        template="members_letter", to=to, actor=actor, target=target, library_id=library_id,
        dedupe_key=dedupe_key, sensitive=sensitive,
        context={"letter": letter, "url": settings.PORTAL_URL + letter.path if letter.path else ""},
    )  # fmt: skip
