"""Forms of applications: the library's own, the answer to a question, and the coordinator's decisions."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.choices import LibraryType
from members.choices_joining import CatalogueSystem
from members.forms import HttpsField, PlainForm
from members.models import Agreement, JoinApplication, Library, Network
from members.selectors.agreements import agreements_to_join
from members.selectors.joining import code_is_free, code_proposed, member_like
from members.selectors.policies import networks_active

# Nobody fills in the form so fast; a program does.
LEAST_SECONDS = 3
OPENED = "members.join.opened"


class JoinForm(PlainForm):
    """What a library tells about itself. `homepage` is a trap: people never see it, programs fill it in."""

    name = forms.CharField(label=_("Name of the library"), max_length=200)
    library_type = forms.ChoiceField(label=_("Type"), choices=LibraryType.choices)
    isil = forms.CharField(
        label="ISIL", max_length=16, required=False,
        help_text=_("International identifier of the library (ISO 15511), if it has one."),
    )  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=300)
    city = forms.CharField(label=_("City"), max_length=100)
    province = forms.CharField(label=_("Province"), max_length=100, required=False)
    website = HttpsField(label=_("Website"), required=False, max_length=200)
    contact_name = forms.CharField(
        label=_("Who will manage the library here"), max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    contact_role = forms.CharField(label=_("Position in the library"), max_length=120, required=False)
    contact_email = forms.EmailField(
        label=_("E-mail"), help_text=_("We send a link there. The application is read once you have opened it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    contact_phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    system = forms.ChoiceField(label=_("The catalogue is kept with"), choices=CatalogueSystem.choices)
    titles = forms.IntegerField(
        label=_("About how many titles"), min_value=0, max_value=100_000_000, required=False,
    )  # fmt: skip
    offers = forms.CharField(
        label=_("What your library can give"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Special collections, loans, copies, knowledge, training."),
    )  # fmt: skip
    needs = forms.CharField(
        label=_("What your library needs"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What your readers ask for and do not find; help with cataloguing or systems."),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=_(
            "The coordinators may keep and read this, to decide about the application and to write to me."
        ),
    )
    another = forms.BooleanField(label=_("No, ours is another library."), required=False)
    homepage = forms.CharField(
        label=_("Leave this empty"), required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    member: Library | None = None  # what looks like the applying library

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened"].initial = signing.dumps(int(time.time()), salt=OPENED)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, value in data.items():
            if isinstance(value, str) and "\x00" in value:
                self.add_error(name, _("There is a character in it that cannot be kept."))
        if not self.errors and not data.get("another"):
            self._ask_whether_member(data)
        return data

    def _ask_whether_member(self, data: dict[str, Any]) -> None:
        """Said in the form: a colleague who does not know that the library is in has somebody to turn to."""
        self.member = member_like(name=data["name"], city=data["city"], isil=data["isil"])
        if self.member is not None:
            self.add_error(
                "name",
                _(
                    "%(name)s is a member already, or joining. Ask its manager for an account. "
                    "If yours is another library, say so below."
                )
                % {"name": self.member.name},
            )  # fmt: skip

    @property
    def is_by_a_program(self) -> bool:
        """The trap was filled in, or the form came back faster than anybody types."""
        if self.cleaned_data["homepage"]:
            return True
        try:
            opened = signing.loads(self.cleaned_data["opened"], salt=OPENED)
        except signing.BadSignature:
            return True
        return bool(time.time() - opened < LEAST_SECONDS)

    @property
    def facts(self) -> dict[str, Any]:
        """The model's fields."""
        beside = ("consent", "another", "homepage", "opened")
        return {name: value for name, value in self.cleaned_data.items() if name not in beside}

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under headings, in the order of the page; the trap and the clock stand apart."""
        parts = (
            (_("The library"), ("name", "library_type", "isil", "address", "city", "province", "website")),
            (_("Contact"), ("contact_name", "contact_role", "contact_email", "contact_phone")),
            (_("The catalogue"), ("system", "titles")),
            (_("Giving and taking"), ("offers", "needs")),
        )
        return [(title, [self[name] for name in names]) for title, names in parts]


class WordsForm(PlainForm):
    text = forms.CharField(label=_("Your words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class AskForm(WordsForm):
    text = forms.CharField(
        label=_("Question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The library reads it in a mail and answers on its own page."),
    )  # fmt: skip


class RefuseApplicationForm(WordsForm):
    text = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The library reads it in a mail. Say what would have to change."),
    )  # fmt: skip


class AcceptForm(PlainForm):
    """What the coordinator settles when a library is taken on."""

    short_code = forms.CharField(
        label=_("Short code"), max_length=12,
        help_text=_("Stands in request numbers for ever, for example UNPAD. Capital letters, digits, hyphens."),
    )  # fmt: skip
    network = forms.ModelChoiceField(
        label=_("Place in the network"), queryset=Network.objects.none(), required=False,
        empty_label=_("None yet"), help_text=_("Its rules decide whom the library asks."),
    )  # fmt: skip
    agreement = forms.ModelChoiceField(
        label=_("Agreement"), queryset=Agreement.objects.none(), required=False, empty_label=_("None yet"),
        help_text=_("The library's manager is asked to accept it."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("A word of welcome"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, application: JoinApplication, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = networks_active()  # type: ignore[attr-defined]
        self.fields["agreement"].queryset = agreements_to_join()  # type: ignore[attr-defined]
        self.fields["short_code"].initial = code_proposed(application)

    def clean_short_code(self) -> str:
        code: str = self.cleaned_data["short_code"].strip().upper()
        field = Library._meta.get_field("short_code")
        for validator in field.validators:
            validator(code)
        if not code_is_free(code):
            raise ValidationError(_("Another library has this code."))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        agreement, network = data.get("agreement"), data.get("network")
        if (
            agreement is not None
            and agreement.network_id
            and agreement.network_id != getattr(network, "pk", None)
        ):
            self.add_error(
                "agreement", _("This agreement is for another network. Choose that network, or none.")
            )
        return data
