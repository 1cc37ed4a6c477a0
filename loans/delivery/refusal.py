"""A file that is refused, and the sentence its librarian is told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from network_portal.core.errors import RuleViolation


class FileRefused(RuleViolation):
    """The file is not taken. `code` is stored with it; `refusal_text` tells it in the language in use."""

    def __init__(self, code: str) -> None:
        super().__init__(code, refusal_text(code))


def refusal_text(code: str) -> str:
    """Why, and what to do about it. Codes stand in ScanFile.fault, so they are never renamed."""
    texts = {
        "empty": _("The file is empty."),
        "unknown_type": _("This is no PDF, TIFF or JPEG file. Please save the scan as one of these."),
        "not_as_named": _(
            "The file is not what its name says. Please save it again from the scanning program."
        ),
        "ambiguous": _("The file is several kinds of file in one. Please scan it anew."),
        "damaged": _("The file is damaged or cut off. Please save or scan it again."),
        "encrypted": _("The PDF is locked with a password. Please save it without one."),
        "active": _(
            "The PDF contains a script, an attachment or something that starts by itself."
            " Please print it to a new PDF, or save the pages as images."
        ),
        "too_complex": _("The PDF has too many parts to be checked. Please save the pages as images."),
        "no_pages": _("The file has no page."),
        "too_large": _("The file is larger than allowed."),
    }
    return texts.get(code, _("The file can't be taken."))
