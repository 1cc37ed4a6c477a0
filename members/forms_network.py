"""Forms of a network's rules: how requests travel, who guides, what counts in the order."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import modelformset_factory
from django.utils.translation import gettext_lazy as _

from members.choices import Centre, HubMode
from members.forms import PlainForm
from members.models import Library, Network, NetworkMember
from members.selectors.libraries import libraries_open_to_readers

FACTORS = (
    ("fill", _("Success: how often a library says yes"), 40),
    ("reciprocity", _("Give and take"), 40),
    ("load", _("Load: how much it has open"), 10),
    ("speed", _("Speed of its answers"), 6),
    ("distance", _("Distance"), 4),
)
# The shapes in words that tell what happens to a request.
SHAPES = (
    ("mesh", _("Mesh: one after the other, the best placed first")),
    ("ring", _("Ring: handed round in a fixed order")),
    ("star", _("Star: everything passes one library in the middle")),
    ("tree", _("Tree: the own region first, then the one above")),
)
CENTRES = (
    (Centre.NONE.value, _("No special centre")),
    (Centre.CATALOGUE.value, _("It keeps the catalogue; the order stays the same")),
    (Centre.CLEARING.value, _("It settles the accounts; the order stays the same")),
    (Centre.SUPPLIES_FIRST.value, _("It supplies first")),
    (Centre.SUPPLIES_LAST.value, _("It supplies last")),
)


class NetworkForm(forms.ModelForm):
    """The three axes and their numbers. Weights are given as whole numbers; only their proportion counts."""

    topology = forms.ChoiceField(label=_("Shape of the network"), choices=SHAPES, widget=forms.RadioSelect)
    centre = forms.ChoiceField(label=_("Special centre"), choices=CENTRES, widget=forms.RadioSelect)

    class Meta:
        model = Network
        fields = (
            "code", "name", "topology", "hub", "hub_mode",
            "retain_holders", "climb_hours", "guided", "coordinator_library", "deputy_library", "centre",
            "centre_library", "last_resort", "decay_days", "copy_unit",
        )  # fmt: skip
        labels: ClassVar = {
            "hub": _("Hub of the star, or mediator of the ring"),
            "hub_mode": _("Parcels in a star"),
            "retain_holders": _("A region with so many holders keeps its requests (0: never)"),
            "climb_hours": _("Hours until a request climbs to the next region"),
            "guided": _("Guided: every request and message passes the coordinator"),
            "coordinator_library": _("Coordinating library"),
            "deputy_library": _("Deputy"),
            "centre_library": _("Library that is the special centre"),
            "last_resort": _("Library of last resort"),
            "decay_days": _("After so many days a supply counts for half"),
            "copy_unit": _("A copy counts as this part of a loan"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name in ("hub", "coordinator_library", "deputy_library", "centre_library", "last_resort"):
            field = self.fields[name]
            field.queryset = libraries_open_to_readers()  # type: ignore[attr-defined]
            field.required = False
        self.fields["hub_mode"].choices = HubMode.choices  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["code"].disabled = True
        for code, label, usual in FACTORS:
            given = self.instance.weights.get(code)
            self.fields[f"weight_{code}"] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=100,
                initial=usual if given is None else round(100 * given),
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("guided") and not values.get("coordinator_library"):
            self.add_error("coordinator_library", _("A guided network needs its coordinator."))
        if values.get("topology") in ("star", "ring") and not values.get("hub"):
            self.add_error("hub", _("A star needs its hub, and a ring its mediator."))
        if str(values.get("centre", "")).startswith("supplies") and not values.get("centre_library"):
            self.add_error("centre_library", _("Please name the library that is the special centre."))
        if not 1 <= (values.get("parallel") or 1) <= 2:
            self.add_error(None, str(_("One or two.")))
        return values

    def _post_clean(self) -> None:
        """The service writes the network; the form only reads what was typed."""

    @property
    def values(self) -> dict[str, Any]:
        """The model's fields, the weights put together as shares of 1."""
        told = dict(self.cleaned_data)
        told["weights"] = {code: told.pop(f"weight_{code}") / 100 for code, _label, _usual in FACTORS}
        return told


class AddMemberForm(PlainForm):
    library = forms.ModelChoiceField(label=_("Library"), queryset=Library.objects.none())

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = network.members.values("library_id")
        self.fields["library"].queryset = libraries_open_to_readers().exclude(pk__in=inside)  # type: ignore[attr-defined]


class PlaceForm(forms.ModelForm):
    """One member's place: in the ring, below whom in the tree, in which group; and whether it takes part."""

    class Meta:
        model = NetworkMember
        fields = ("ring_position", "parent", "cell", "is_active", "paused_until")
        labels: ClassVar = {
            "ring_position": _("Place in the ring"),
            "parent": _("Regional centre above it"),
            "cell": _("Group"),
            "is_active": _("Takes part"),
            "paused_until": _("Pauses until"),
        }
        widgets: ClassVar = {"paused_until": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["parent"].label_from_instance = _library_name  # type: ignore[attr-defined]

    def validate_unique(self) -> None:
        """Places may be exchanged: the service looks at all of them together."""


def _library_name(place: NetworkMember) -> str:
    return place.library.name


def places_formset(network: Network, data: Any = None) -> Any:
    """The places of all members; each may stand below any other."""
    made = modelformset_factory(NetworkMember, form=PlaceForm, extra=0)
    rows = network.members.select_related("library").order_by("ring_position", "library__name")
    formset = made(data, queryset=rows, prefix="place")
    choices = [("", "—"), *((row.pk, row.library.name) for row in rows)]
    for form in formset.forms:
        form.fields["parent"].queryset = rows  # type: ignore[attr-defined]
        form.fields["parent"].choices = choices  # type: ignore[attr-defined]
    return formset
