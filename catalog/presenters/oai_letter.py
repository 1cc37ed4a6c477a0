"""A letter to whoever runs a library's server, saying what to mend. For copying; always in Indonesian."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.harvesting.oai.quirks import Profile
from catalog.models import Source
from network_portal.core.netsettings.portal import NAME

LANGUAGE = "id"  # of the vendors of the systems our members run
LETTER = gettext_noop(
    "Dear Sir or Madam,\n\n"
    "%(library)s shares its catalogue through %(portal)s, which reads it over OAI-PMH from\n"
    "%(url)s\n\n"
    "On %(date)s an examination of this address found the following. Each point says first what is so, then what "
    "we ask you to mend:\n\n"
    "%(points)s\n\n"
    "The rules are in the standard OAI-PMH 2.0: https://www.openarchives.org/OAI/openarchivesprotocol.html\n\n"
    "Please let us know when it is done; the address will then be examined again.\n\n"
    "Kind regards,\n"
    "%(library)s"
)


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str

    @property
    def mailto(self) -> str:
        return f"mailto:?subject={quote(self.subject)}&body={quote(self.body)}"


def vendor_letter(source: Source, profile: Profile) -> Letter | None:
    """None where there is nothing to ask for."""
    with translation.override(LANGUAGE):
        points = [(_(says), _(ask)) for says, ask in profile.sentences() if ask]
        if not points:
            return None
        lines = [f"{number}. {says}\n   {ask}" for number, (says, ask) in enumerate(points, 1)]
        facts = {
            "url": source.url,
            "portal": NAME.now(),
            "library": source.library.name,
            "date": date_format(localtime(source.oai_probed_at), "DATE_FORMAT")
            if source.oai_probed_at
            else "–",
            "points": "\n\n".join(lines),
        }
        return Letter(_("OAI-PMH of %(library)s: please mend") % facts, _(LETTER) % facts)
