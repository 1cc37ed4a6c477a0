"""Forms of the model's pages: trying it, its drafts, their places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from loans.choices import Level, Service
from loans.modelling.model import Model
from members.choices import Topology
from members.forms import PlainForm
from members.forms_network import FACTORS, PARTS, NetworkForm
from members.models import Library
from members.network_rules import LIBRARIES, PLAIN, unit_text

LONGEST = 200


class TryForm(PlainForm):
    """Who asks, for what. `title` is a number of a title's page, an ISBN, or words to search for."""

    library = forms.ModelChoiceField(label=_("Library that asks"), queryset=Library.objects.none())
    title = forms.CharField(
        label=_("Title"), max_length=LONGEST,
        help_text=_("Words of the title or its author, an ISBN, or the number in the address of its page."),
    )  # fmt: skip
    service = forms.ChoiceField(label=_("Service"), choices=Service.choices, initial=Service.LOAN)
    level = forms.ChoiceField(label=_("How fast"), choices=Level.choices, initial=Level.NORMAL)

    def __init__(self, *args: Any, model: Model, only: int | None, **kwargs: Any) -> None:
        """`only`: the one library that may be looked at."""
        super().__init__(*args, **kwargs)
        chosen = [only] if only is not None else model.members
        field = self.fields["library"]
        field.queryset = Library.objects.filter(pk__in=chosen).order_by("name")  # type: ignore[attr-defined]
        if only is not None:
            self.initial.setdefault("library", only)
            field.empty_label = None  # type: ignore[attr-defined]


class RulesForm(NetworkForm):
    """The rules of a draft. What cannot work yet is no error: it is kept, and the draft's page says what is missing."""

    note = forms.CharField(
        label=_("Why this change"), max_length=300, required=False,
        help_text=_("Stands in the history, and in the mail to members."),
    )  # fmt: skip
    LEFT_OUT = ("code", "name", "linked")

    def __init__(self, *args: Any, model: Model, note: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["note"] = note
        super().__init__(*args, instance=model.twin, **kwargs)
        for name in self.LEFT_OUT:
            del self.fields[name]

    @property
    def parts(self) -> list[tuple[Any, Any, list[forms.BoundField]]]:
        told = [(_("Reason"), "", ("note",)), *PARTS]
        found = [
            (head, about, [self[name] for name in names if name in self.fields])
            for head, about, names in told
        ]
        return [part for part in found if part[2]]

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data

    @property
    def settings(self) -> dict[str, Any]:
        """As members.network_rules keeps them."""
        typed = self.values
        told = {name: typed[name] for name in PLAIN}
        told |= {name: typed[name].pk if typed[name] else None for name in LIBRARIES}
        before = self.instance.weights
        usual = {code: number / 100 for code, _label, number in FACTORS}
        weights = dict(sorted(typed["weights"].items()))
        if weights == usual | before:  # untouched: a network without weights of its own stays so
            weights = before
        return told | {"copy_unit": unit_text(typed["copy_unit"]), "weights": weights}


class PlacesForm(PlainForm):
    """The places of a draft's members, as far as its shape looks at them: ring_7, parent_7, cell_7, active_7."""

    def __init__(self, *args: Any, model: Model, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model = model
        self.shape = model.settings["topology"]
        self.codes = {model.libraries[pk].short_code: pk for pk in model.members}
        for pk in model.members:
            self._add(pk, model.places[str(pk)])

    def _add(self, pk: int, place: dict[str, Any]) -> None:
        name, above = self.model.name(pk), self.model.libraries.get(place["parent"] or 0)
        if self.shape == Topology.RING:
            label = format_lazy("{}: {}", _("Place in the ring"), name)
            self.fields[f"ring_{pk}"] = forms.IntegerField(
                label=label, required=False, min_value=1, max_value=9_999, initial=place["ring"]
            )
        if self.shape == Topology.TREE:
            label = format_lazy("{}: {}", _("Regional centre above it"), name)
            listed = forms.TextInput(attrs={"list": "members-codes", "autocomplete": "off"})
            self.fields[f"parent_{pk}"] = forms.CharField(
                label=label,
                required=False,
                max_length=12,
                widget=listed,
                initial=above.short_code if above else "",
            )
        label = format_lazy("{}: {}", _("Group"), name)
        self.fields[f"cell_{pk}"] = forms.CharField(
            label=label, required=False, max_length=40, initial=place["cell"]
        )
        label = format_lazy("{}: {}", _("Takes part"), name)
        self.fields[f"active_{pk}"] = forms.BooleanField(label=label, required=False, initial=place["active"])

    def clean(self) -> dict[str, Any]:
        for pk in self.model.members:
            code = str(self.cleaned_data.get(f"parent_{pk}", "") or "").strip().upper()
            if code and code not in self.codes:
                self.add_error(f"parent_{pk}", _("No member has this short code."))
            elif code and self.codes[code] == pk:
                self.add_error(f"parent_{pk}", _("A library cannot stand above itself in the tree."))
        return self.cleaned_data

    @property
    def rows(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """(library, its fields), by name."""
        kinds = ("ring", "parent", "cell", "active")
        return [
            (
                self.model.libraries[pk],
                [self[f"{kind}_{pk}"] for kind in kinds if f"{kind}_{pk}" in self.fields],
            )
            for pk in self.model.members
        ]

    @property
    def places(self) -> dict[str, dict[str, Any]]:
        typed, found = self.cleaned_data, dict(self.model.places)
        for pk in self.model.members:
            place = dict(found[str(pk)])
            if self.shape == Topology.RING:
                place["ring"] = typed[f"ring_{pk}"]
            if self.shape == Topology.TREE:
                place["parent"] = self.codes.get(typed[f"parent_{pk}"].strip().upper())
            place |= {"cell": typed[f"cell_{pk}"].strip(), "active": typed[f"active_{pk}"]}
            found[str(pk)] = place
        return found
