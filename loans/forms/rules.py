"""A new version of copyright rules, and licences on offer, as coordinators fill them in."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loans.choices import RuleOutcome
from loans.copyright.describe import sentence_for
from loans.copyright.schema import KINDS, LANGUAGES, OUTCOMES, Rule, RuleSet
from loans.models import LicenceOffer
from members.models import Network

MAX_JSON = 200_000
LEFT_OUT = "off"
NUMBERS = ("most", "most_percent", "most_chapters", "days", "issue_years")
LANGUAGE_NAMES = {"id": _("Indonesian"), "en": _("English")}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def setting_label(name: str) -> str:
    return {
        "most": gettext("at most"),
        "most_percent": gettext("per cent at most"),
        "most_chapters": gettext("chapters at most"),
        "days": gettext("days"),
        "issue_years": gettext("years an issue counts as recent"),
    }[name]


class RulesForm(forms.Form):
    """The rules in force, to be changed into a new version: what each answers, its numbers, the texts."""

    valid_from = forms.DateField(label=_("These rules count from"), widget=DayInput)
    retention_years = forms.IntegerField(
        label=_("Years that decisions and declarations are kept"), min_value=1, max_value=70
    )

    def __init__(self, *args: Any, base: dict[str, Any], rules: RuleSet, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.base = base
        self.fields["valid_from"].initial = timezone.localdate()
        self.fields["retention_years"].initial = base["retention_years"]
        for place, rule in enumerate(rules.rules):
            self._add_rule(place, rule)
        for language in LANGUAGES:
            self._add_texts(language)

    def _add_rule(self, place: int, rule: Rule) -> None:
        self.fields[f"outcome_{place}"] = forms.ChoiceField(
            label=sentence_for(rule), help_text=rule.source, initial=rule.outcome,
            choices=[
                *((code, RuleOutcome(code).label) for code in OUTCOMES[1:]), (LEFT_OUT, _("this rule is left out")),
            ],
        )  # fmt: skip
        for name in NUMBERS:
            if name in KINDS[rule.kind]:
                self.fields[f"{name}_{place}"] = forms.IntegerField(
                    label=f"{sentence_for(rule)} – {setting_label(name)}", initial=rule.settings[name],
                    min_value=0, max_value=100_000,
                )  # fmt: skip

    def _add_texts(self, language: str) -> None:
        spoken = {"language": LANGUAGE_NAMES[language]}
        self.fields[f"declaration_{language}"] = forms.CharField(
            label=gettext("What the reader declares (%(language)s)") % spoken,
            help_text=gettext("Each line that begins with a hyphen and a space is ticked on its own."),
            initial=self.base["declaration"]["texts"][language], max_length=5000,
            widget=forms.Textarea(attrs={"rows": 6}),
        )  # fmt: skip
        self.fields[f"notice_{language}"] = forms.CharField(
            label=gettext("Notice on the cover page (%(language)s)") % spoken,
            initial=self.base["notice"][language], max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        )  # fmt: skip

    def as_data(self) -> dict[str, Any]:
        """The base with what was changed, as data. Only after `is_valid`."""
        given, raw = self.cleaned_data, deepcopy(self.base)
        raw["valid_from"] = given["valid_from"].isoformat()
        raw["retention_years"] = given["retention_years"]
        kept = []
        for place, rule in enumerate(raw["rules"]):
            if given[f"outcome_{place}"] == LEFT_OUT:
                continue
            rule["outcome"] = given[f"outcome_{place}"]
            for name in NUMBERS:
                if f"{name}_{place}" in given and rule[name] != given[f"{name}_{place}"]:
                    rule[name], rule["own_default"] = given[f"{name}_{place}"], True
            kept.append(rule)
        raw["rules"] = kept
        for language in LANGUAGES:
            # Browsers send other line ends than files have; the hash of the text must not depend on it.
            text = "\n".join(given[f"declaration_{language}"].splitlines())
            raw["declaration"]["texts"][language] = text.strip()
            raw["notice"][language] = " ".join(given[f"notice_{language}"].split())
        return raw


class RulesFileForm(forms.Form):
    """A whole version as a JSON file, also for a jurisdiction the portal does not know yet."""

    file = forms.FileField(
        label=_("JSON file"),
        help_text=_("Take the file of a version that is here, and change what must be changed."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> Any:
        """What is in it, as data. Says the line at which it stops being JSON."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_JSON:
            raise forms.ValidationError(_("This file is too large for a set of rules."))
        try:
            return json.loads(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file is not text in UTF-8.")) from None
        except RecursionError:
            raise forms.ValidationError(_("This is no set of rules.")) from None
        except json.JSONDecodeError as error:
            raise forms.ValidationError(
                gettext("This is no JSON: something is wrong in line %(line)s, column %(column)s.")
                % {"line": error.lineno, "column": error.colno}
            ) from None


class CheckedForm(forms.Form):
    by = forms.CharField(label=_("Checked by"), help_text=_("Name and office of the lawyer."), max_length=200)
    on = forms.DateField(label=_("Checked on"), widget=DayInput)


class JurisdictionForm(forms.Form):
    """Whose law a network follows."""

    jurisdiction = forms.ChoiceField()

    def __init__(self, data: Any = None, *, network: Network, choices: list[tuple[str, str]]) -> None:
        super().__init__(data, prefix=f"n{network.pk}", label_suffix="")
        field = self.fields["jurisdiction"]
        field.choices, field.label = choices, network.name  # type: ignore[attr-defined]
        field.initial = network.jurisdiction


class LicenceForm(forms.ModelForm):
    """One licence on offer."""

    url = forms.URLField(label=_("Their page"), required=False, assume_scheme="https", max_length=200)

    class Meta:
        model = LicenceOffer
        fields = (
            "jurisdiction",
            "kind",
            "identifier",
            "holder",
            "terms",
            "fee_amount",
            "fee_currency",
            "valid_from",
            "valid_until",
        )
        labels: ClassVar = {
            "jurisdiction": _("Law of"), "kind": _("What the licence is for"),
            "identifier": _("ISSN, ISBN, publisher or title"), "holder": _("Who offers it"),
            "terms": _("What it costs, in their words"),
            "fee_amount": _("Fee for one copy"), "fee_currency": _("Currency"), "valid_from": _("From"),
            "valid_until": _("Until"),
        }  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"] = forms.ChoiceField(label=_("Law of"), choices=choices)
        for name in ("valid_from", "valid_until"):
            self.fields[name] = forms.DateField(
                label=self.fields[name].label, required=False, widget=DayInput
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("valid_from"), given.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("It ends before it begins."))
        return given

    def _post_clean(self) -> None:
        """The service writes the row; the form only reads what was typed."""
