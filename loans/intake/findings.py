"""What a check found: a code with its values, kept with the request, and its sentence for the librarian."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from loans.intake.labels import FIELDS, label_of

# Why a request waits for a librarian. STEPS: the portal's action that brings it where this is looked at.
SENTENCES: Mapping[str, Any] = {
    "incomplete": _("The description is incomplete: %(fields)s."),
    "not_in_catalogue": _("The title is not in the union catalogue."),
    "duplicate": _("The reader had the same lately: %(number)s."),
    "own_copy": _("Your own library has this title: %(places)s."),
    "copyright": _("The copyright rules ask for a look at this copy."),
    "no_lender": _("No other library of the network has a copy that can be supplied at the moment."),
    "fast": _("The reader asks for it faster than usual."),
    "soon": _("The reader needs it by %(day)s, sooner than a loan usually takes."),
    "note": _("The reader wrote a note."),
    "cost": _("It may cost more than the limit."),
    "by_rule": _("A rule of your library says that you look at such requests."),
    "no_rule": _("Your library looks at every request before it goes out."),
}
STEPS: Mapping[str, str] = {
    "incomplete": "flag_metadata", "duplicate": "flag_duplicate", "own_copy": "flag_local",
    "copyright": "flag_copyright",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    code: str
    args: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "staff"  # staff: somebody must look before it goes out; told: good to know

    @property
    def needs_staff(self) -> bool:
        return self.outcome == "staff"

    @property
    def step(self) -> str:
        """The portal's action that brings the request where this is looked at, "" where it stays among the new."""
        return STEPS.get(self.code, "") if self.needs_staff else ""

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "outcome": self.outcome, "args": dict(self.args)}


def sentence(found: Mapping[str, Any]) -> str:
    """One stored finding in words; codes of other rooms that are not listed here are told as they are."""
    told = SENTENCES.get(str(found.get("code")))
    if told is None:
        return str(found.get("code"))
    args = _Args(found.get("args") or {})
    if names := args.get("fields"):
        args["fields"] = ", ".join(label_of("", name) for name in names.split(", ") if name in FIELDS)
    return str(told) % args


class _Args(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"
