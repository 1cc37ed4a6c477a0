"""A file that is not let in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from network_portal.core.errors import RuleViolation


class FileRefused(RuleViolation):
    """Raised by members.knowledge.checks, with the sentence for whoever sent the file."""


def broken() -> FileRefused:
    return FileRefused("file_broken", _("This file is damaged, or is not what its name says."))


def active() -> FileRefused:
    return FileRefused(
        "file_active",
        _("This file holds a program, a macro or another file. Please save it without and try again."),
    )


def unknown() -> FileRefused:
    return FileRefused("file_unknown", _("Please choose a PDF, ODT, DOCX, JPEG, PNG, MP3 or MP4 file."))


def locked() -> FileRefused:
    return FileRefused("file_locked", _("This file is locked with a password. Please save it without one."))


def too_large(megabytes: int) -> FileRefused:
    return FileRefused(
        "file_too_large", _("The file is too large: at most %(most)s MB.") % {"most": megabytes}
    )
