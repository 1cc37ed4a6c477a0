"""Forms of a network's rules: how requests travel, who guides, what counts in the order."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import modelformset_factory
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.choices import Centre, ClaimMode, HubMode, Topology
from members.forms import PlainForm
from members.models import Library, Network, NetworkMember
from members.selectors.libraries import libraries_open_to_readers
from members.selectors.networks import networks_beside, networks_linked_with

FACTORS = (
    ("fill", _("Success: how often a library says yes"), 32),
    ("reciprocity", _("Give and take"), 34),
    ("load", _("Load: how much it has open"), 18),
    ("speed", _("Speed of its answers"), 6),
    ("freshness", _("Freshness: how lately it told what is on its shelves"), 6),
    ("distance", _("Distance"), 4),
)
# The form in parts, each with its heading and what to know before filling it in.
PARTS = (
    (_("Name"), "", ("code", "name")),
    (
        _("Shape"), _("How a request travels from library to library."),
        ("topology", "hub", "hub_mode", "ring_turns", "claim_mode", "offer_hours", "retain_holders", "climb_hours",
         "parallel"),
    ),
    (
        _("Guided or not"),
        _(
            "In a guided network every request and every message passes the coordinator. In one that is not guided, "
            "members deal with one another directly, and the coordinator may step in."
        ),
        ("guided", "coordinator_library", "deputy_library"),
    ),
    (
        _("Special centre"), _("A library with a task of its own. It goes with every shape, guided or not."),
        ("centre", "centre_library", "last_resort"),
    ),
    (_("Other networks"), _("Requests that nobody here can serve go on to them."), ("linked",)),
    (
        _("What counts in the order"), _("Whole numbers; only their proportion to each other counts."),
        tuple(f"weight_{code}" for code, _label, _usual in FACTORS),
    ),
    (_("Give and take"), _("How what was given and received is reckoned."), ("decay_days", "copy_unit")),
)  # fmt: skip


def told(choices: type[Topology] | type[Centre]) -> list[tuple[str, Any]]:
    """Each with its sentence, for a list of buttons to choose from."""
    return [(one.value, format_lazy("{}. {}", one.label, one.meaning)) for one in choices]


class NetworkForm(forms.ModelForm):
    """The three axes and their numbers. Weights are given as whole numbers; only their proportion counts."""

    topology = forms.ChoiceField(
        label=_("Shape of the network"),
        choices=told(Topology),
        initial=Topology.MESH,
        widget=forms.RadioSelect,
    )
    centre = forms.ChoiceField(
        label=_("Special centre"), choices=told(Centre), initial=Centre.NONE, widget=forms.RadioSelect
    )
    claim_mode = forms.ChoiceField(
        label=_("Bus: who gets a request"),
        choices=ClaimMode.choices,
        initial=ClaimMode.FIRST,
        widget=forms.RadioSelect,
    )
    hub_mode = forms.ChoiceField(
        label=_("Star: which way parcels go"), choices=HubMode.choices, initial=HubMode.TRANSPARENT,
        widget=forms.RadioSelect,
    )  # fmt: skip
    parallel = forms.TypedChoiceField(
        label=_("Mesh: a request for a copy is shown to"), coerce=int, initial=1, widget=forms.RadioSelect,
        choices=((1, _("One library at a time")), (2, _("Two libraries at once; the first to take it makes the copy"))),
    )  # fmt: skip
    linked = forms.ModelMultipleChoiceField(
        label=_("Networks that requests may go on to"), queryset=Network.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Network
        fields = (
            "code", "name", "topology", "hub", "hub_mode", "ring_turns", "claim_mode", "offer_hours", "retain_holders",
            "climb_hours", "parallel", "guided", "coordinator_library", "deputy_library", "centre", "centre_library",
            "last_resort", "decay_days", "copy_unit",
        )  # fmt: skip
        labels: ClassVar = {
            "code": _("Short code"),
            "name": _("Name"),
            "hub": _("Star: the hub. Ring: the mediator"),
            "ring_turns": _(
                "Ring: each request begins one library further on, so that nobody is always first"
            ),
            "offer_hours": _("Bus: working hours for offers"),
            "retain_holders": _("Tree: a region with so many holders keeps its requests"),
            "climb_hours": _("Tree: hours until a request climbs to the next region"),
            "guided": _("Guided network"),
            "coordinator_library": _("Coordinating library"),
            "deputy_library": _("Deputy"),
            "centre_library": _("Library that is the special centre"),
            "last_resort": _("Library of last resort"),
            "decay_days": _("After so many days a supply counts for half"),
            "copy_unit": _("A copy counts as this part of a loan"),
        }
        help_texts: ClassVar = {
            "offer_hours": _("After them the best placed of the willing gets the request."),
            "retain_holders": _("0: every request may leave its region."),
            "deputy_library": _("Decides when the coordinator's time is up."),
            "last_resort": _("Asked when nobody else could help, whatever the shape."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name in ("hub", "coordinator_library", "deputy_library", "centre_library", "last_resort"):
            field = self.fields[name]
            field.queryset = libraries_open_to_readers()  # type: ignore[attr-defined]
            field.required = False
        self.fields["linked"].queryset = networks_beside(self.instance)  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["code"].disabled = True
            self.initial["linked"] = networks_linked_with(self.instance)
        for code, label, usual in FACTORS:
            given = self.instance.weights.get(code)
            self.fields[f"weight_{code}"] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=100,
                initial=usual if given is None else round(100 * given),
            )

    @property
    def parts(self) -> list[tuple[Any, Any, list[forms.BoundField]]]:
        """(heading, what to know, fields); a part that offers nothing to choose is left out."""
        shown = [(heading, about, [self[name] for name in names]) for heading, about, names in PARTS]
        if not self.fields["linked"].queryset.exists():  # type: ignore[attr-defined]
            shown = [part for part in shown if part[2][0].name != "linked"]
        return shown

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("guided") and not values.get("coordinator_library"):
            self.add_error("coordinator_library", _("A guided network needs its coordinator."))
        if values.get("topology") in ("star", "ring") and not values.get("hub"):
            self.add_error("hub", _("A star needs its hub, and a ring its mediator."))
        if str(values.get("centre", "")).startswith("supplies") and not values.get("centre_library"):
            self.add_error("centre_library", _("Please name the library that is the special centre."))
        return values

    def _post_clean(self) -> None:
        """The service writes the network; the form only reads what was typed."""

    @property
    def values(self) -> dict[str, Any]:
        """The model's fields, the weights put together as shares of 1."""
        typed = dict(self.cleaned_data)
        typed["weights"] = {code: typed.pop(f"weight_{code}") / 100 for code, _label, _usual in FACTORS}
        return typed


class DailyForm(forms.ModelForm):
    """What counts every day, whatever the network's shape."""

    transit_days = forms.IntegerField(
        label=_("Days on the way"), min_value=1, max_value=60,
        help_text=_("Of a parcel from one library to another, where the two have no time of their own."),
    )  # fmt: skip
    undo_minutes = forms.IntegerField(
        label=_("Minutes to undo a step"), min_value=0, max_value=120,
        help_text=_("As long as the other side has not acted. In a hurry it is a minute."),
    )  # fmt: skip

    class Meta:
        model = Network
        fields = ("transit_days", "undo_minutes", "auto_renew")
        labels: ClassVar = {"auto_renew": _("Loans renew by themselves where both libraries allow it")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def _post_clean(self) -> None:
        """The service writes the network; the form only reads what was typed."""


class AddMemberForm(PlainForm):
    library = forms.ModelChoiceField(label=_("Library"), queryset=Library.objects.none())

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = network.members.values("library_id")
        self.fields["library"].queryset = libraries_open_to_readers().exclude(pk__in=inside)  # type: ignore[attr-defined]


# What of a member's place only one shape looks at. Other networks keep it for the day they change.
ONLY_IN = {"ring_position": Topology.RING, "parent": Topology.TREE}


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
    """The places of all members, as far as the network's shape looks at them; each may stand below any other."""
    made = modelformset_factory(NetworkMember, form=PlaceForm, extra=0)
    rows = network.members.select_related("library").order_by("ring_position", "library__name")
    formset = made(data, queryset=rows, prefix="place")
    choices = [("", "—"), *((row.pk, row.library.name) for row in rows)]
    unused = [name for name, shape in ONLY_IN.items() if network.topology != shape]
    for form in formset.forms:
        form.fields["parent"].queryset = rows  # type: ignore[attr-defined]
        form.fields["parent"].choices = choices  # type: ignore[attr-defined]
        for name in unused:
            del form.fields[name]
    return formset
