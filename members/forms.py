"""Forms of the members' pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from members.choices import Role
from members.forms_signup import LibraryChoiceField
from members.models import Library, User
from members.selectors.libraries import libraries_open_to_readers


class PlainForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class ProfileForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language of pages and mails"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    class Meta:
        model = User
        fields = ("name", "phone", "language")
        labels: ClassVar = {"name": _("Your name"), "phone": _("Telephone")}
        help_texts: ClassVar = {"phone": _("Your library may call when a book has arrived.")}
        widgets: ClassVar = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True

    def _post_clean(self) -> None:
        """The service writes the person; the form only reads what was typed."""


class HomeLibraryForm(PlainForm):
    library = LibraryChoiceField()
    card_number = forms.CharField(
        label=_("Library card number"), max_length=40, required=False,
        help_text=_("If you have one: the library finds you faster."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = libraries_open_to_readers()  # type: ignore[attr-defined]


class RefuseForm(PlainForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads this in the mail. Say what they can do."),
    )  # fmt: skip


class StaffForm(PlainForm):
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("Somebody without an account gets an invitation by mail.")
    )
    name = forms.CharField(
        label=_("Name"), max_length=150, required=False,
        help_text=_("Only needed for somebody without an account."),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, network: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [Role.LIBRARIAN, Role.MANAGER] + ([Role.COORDINATOR] if network else [])
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.fields["role"].initial = Role.LIBRARIAN.value


class HttpsField(forms.URLField):
    """A web address; one typed without http:// or https:// is taken for https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)


class LibraryForm(forms.ModelForm):
    """What a library says about itself. Its code and status are not changed here."""

    class Meta:
        model = Library
        fields: tuple[str, ...] = (
            "name", "library_type", "isil", "address", "city", "province", "latitude", "longitude", "time_zone",
            "website", "opac_link_pattern", "email", "phone", "language", "lends", "loan_days",
        )  # fmt: skip
        field_classes: ClassVar = {"website": HttpsField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_isil(self) -> str | None:
        return self.cleaned_data["isil"] or None

    def _post_clean(self) -> None:
        """Check what was typed on a copy; the service writes the library and records what changed."""
        self.instance = Library.objects.get(pk=self.instance.pk) if self.instance.pk else Library()
        super()._post_clean()  # type: ignore[misc]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under headings, in the order of the page."""
        parts = [
            (_("The library"), ("short_code", "name", "library_type", "isil")),
            (_("Place"), ("address", "city", "province", "latitude", "longitude", "time_zone")),
            (_("Contact"), ("website", "email", "phone", "language", "opac_link_pattern")),
            (_("Lending"), ("lends", "loan_days")),
        ]
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in parts]


class NewLibraryForm(LibraryForm):
    class Meta(LibraryForm.Meta):
        fields = ("short_code", *LibraryForm.Meta.fields)
