"""Certificates: made once of what was attended, kept as the words that were printed, revoked but never changed."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.choices_learning import RegistrationStatus
from members.learning import letters, selectors
from members.learning.places import programme_locked
from members.learning.times import local
from members.models import Certificate, Programme, Registration
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.netsettings.portal import NAME

# Read aloud and typed without mistakes: no I, L, O, U. Twenty of them are 100 bits: nobody guesses one.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 20, 5
MISREAD = str.maketrans("OIL", "011")


def code_new() -> str:
    signs = "".join(secrets.choice(ALPHABET) for _n in range(LENGTH))
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def code_typed(text: str) -> str:
    """A code as it is kept, from what a person typed: any case, with or without hyphens, O for 0, I and L for 1."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum()).translate(MISREAD)[: 2 * LENGTH]
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


@transaction.atomic
def certificates_issue(*, programme: Programme, actor: Actor) -> int:
    """One for everybody who took part and has none yet; returns how many were made.

    Raises RuleViolation `not_over` before the last session's end, `signer_missing`.
    """
    row = programme_locked(programme)
    if row.is_cancelled or row.sessions.filter(ends_at__gt=timezone.now()).exists():
        raise RuleViolation("not_over", _("Certificates are made once the last session is over."))
    if not row.signer.strip():
        raise RuleViolation("signer_missing", _("Say first who signs the certificates."))
    made = 0
    for registration in selectors.registrations_of(row):
        hours = hours_of(registration)
        if is_missing(registration, hours):
            registration.programme = row
            _issue(registration, hours, actor)
            made += 1
    if made:
        audit.record("members.learning.certificates", actor=actor, target=row, data={"count": made})
    return made


@transaction.atomic
def certificate_revoke(*, certificate: Certificate, reason: str, actor: Actor) -> Certificate:
    """It stays, and says that it is no longer valid and why. RuleViolation `reason_missing`; Conflict `revoked`."""
    if not reason.strip():
        raise RuleViolation("reason_missing", _("Please give the reason: others read it."))
    row = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if row.revoked_at is not None:
        raise Conflict("revoked", _("This certificate was revoked already."))
    row.revoked_at, row.revoked_reason = timezone.now(), reason.strip()[:300]
    row.save(update_fields=["revoked_at", "revoked_reason"])
    audit.record("members.learning.certificate_revoked", actor=actor, target=row.registration.programme)
    return row


def hours_of(registration: Registration) -> float:
    """Hours of the sessions that were attended; of an internship what its mentor confirmed."""
    stay = getattr(registration, "internship", None)
    if stay is not None:
        return float(stay.hours or 0) if stay.reached else 0.0
    return round(sum(one.session.hours for one in registration.attendances.all()), 2)


def is_missing(registration: Registration, hours: float) -> bool:
    """Took part, is still known, and has none yet."""
    took_part = registration.status == RegistrationStatus.REGISTERED and bool(hours)
    return took_part and registration.user is not None and not hasattr(registration, "certificate")


def _issue(registration: Registration, hours: float, actor: Actor) -> None:
    data: dict[str, Any] = {
        "name": str(registration.user), "title": registration.programme.title,
        "host": registration.programme.host.name, "city": registration.programme.host.city,
        "signer": registration.programme.signer, "signer_role": registration.programme.signer_role,
        "portal": NAME.now(), "hours": hours, "texts": {},
    }  # fmt: skip
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            data["texts"][language] = _words(registration, hours)
    Certificate.objects.create(
        code=code_new(), registration=registration, data=data, issued_at=timezone.now()
    )
    letters.certificate_ready(registration, actor)


def _words(registration: Registration, hours: float) -> dict[str, str]:
    """What is printed in one language."""
    programme = registration.programme
    return {
        "heading": _("Certificate"),
        "given": _("This certificate is given to"),
        "took": _("who took part in: %(kind)s") % {"kind": programme.get_kind_display()},
        "when": _days(registration),
        "hours": _("%(hours)s hours") % {"hours": f"{hours:g}"},
        "given_by": _("given by %(host)s, %(city)s")
        % {"host": programme.host.name, "city": programme.host.city},
        "made": _("%(city)s, %(day)s")
        % {"city": programme.host.city, "day": date_format(timezone.localdate(), "j F Y")},
        "check": _("Whether this certificate is valid can be seen here:"),
    }


def _days(registration: Registration) -> str:
    stay = getattr(registration, "internship", None)
    if stay is not None:
        first, last = stay.starts_on, stay.ends_on
    else:
        at = sorted(one.session.starts_at for one in registration.attendances.all())
        first, last = (local(registration.programme, when).date() for when in (at[0], at[-1]))
    until = date_format(last, "j F Y")
    if first == last:
        return until
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{until}"
    return f"{date_format(first, 'j F' if first.year == last.year else 'j F Y')} – {until}"
