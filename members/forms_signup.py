"""What sign-up asks beyond e-mail and password. allauth builds its own form on top of this one.

Kept apart from members.forms: allauth imports it while it defines its forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.models import Library, User
from members.selectors.libraries import libraries_open_to_readers
from network_portal.core.actor import Actor


class ByCity(ModelChoiceIterator):
    """Libraries under the name of their city."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        for city, libraries in groupby(self.queryset, key=lambda library: library.city):
            yield (city, [self.choice(library) for library in libraries])


class LibraryChoiceField(forms.ModelChoiceField):
    iterator = ByCity

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your library"))
        kwargs.setdefault("empty_label", _("Choose a library"))
        super().__init__(queryset=Library.objects.none(), **kwargs)


class SignupExtraForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=150,
        help_text=_("As it stands on your library card."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    library = LibraryChoiceField(
        help_text=_(
            "Where you collect and return books. The library confirms you before you can ask for books."
        )
    )
    card_number = forms.CharField(
        label=_("Library card number"), max_length=40, required=False,
        help_text=_("If you have one: the library finds you faster."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language of pages and mails"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = libraries_open_to_readers()  # type: ignore[attr-defined]
        self.fields["language"].initial = get_language()
        self.label_suffix = ""

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this once the account is saved."""
        from members.services.account import patron_signup

        data = self.cleaned_data
        patron_signup(
            user=user, name=data["name"], library=data["library"], language=data["language"],
            card_number=data["card_number"],
            actor=Actor(user_id=user.pk, user_name=data["name"], library_id=data["library"].pk,
                        library_name=data["library"].name, role="patron"),
        )  # fmt: skip
