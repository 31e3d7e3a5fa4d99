"""The forms around exports of protected data."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from puente.protection.export_files import REASONS
from puente.protection.exporting import ExportKind, ExportReason
from puente.protection.services.exports import ExportFacts
from puente.web.forms import CheckboxList, DeskForm, RadioList

SHORTEST_WORDS = 20


def _day(label: Any, required: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": required, "invalid": required},
    )  # fmt: skip


class AskExportForm(DeskForm):
    """What is to be taken out, and what for. A standard's layout offers no choice of fields."""

    office = forms.ChoiceField(label=_("Office"), error_messages={"required": _("Choose the office")})
    fields_told = forms.MultipleChoiceField(
        label=_("Fields"), widget=CheckboxList, help_text=_("Only those that the purpose needs."),
        error_messages={"required": _("Choose at least one field")},
    )  # fmt: skip
    first_day = _day(_("Cases opened from"), _("Write the first day, such as 1/3/2026"))
    last_day = _day(_("To"), _("Write the last day, such as 31/3/2026"))
    reason = forms.ChoiceField(
        label=_("What for"), choices=list(REASONS.items()), widget=RadioList,
        error_messages={"required": _("Choose what it is for")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("In words"),
        min_length=SHORTEST_WORDS,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who gets it, and what it is needed for. Do not write about a person."),
        error_messages={
            "required": _("Write who gets it and what for"),
            "min_length": _("Say it in at least 20 letters"),
            "max_length": _("Shorten it to 600 letters"),
        },
    )

    def __init__(
        self, kind: ExportKind, offices: Mapping[UUID, str], today: date, data: Any = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.kind, self.today = kind, today
        self.fields["office"].choices = list(offices.items())  # type: ignore[attr-defined]
        self.fields["office"].initial = next(iter(offices))
        if len(offices) == 1:
            self.fields["office"].widget = forms.HiddenInput()
        if kind.is_standard:
            del self.fields["fields_told"]
        else:
            self.fields["fields_told"].choices = [(code, kind.name_field(code)) for code in kind.fields]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day stands before the first: change one of them"))
        if first and first > self.today:
            self.add_error("first_day", _("This day has not come yet: write an earlier one"))
        return cleaned

    def build(self) -> ExportFacts:
        """Return what is asked for."""
        said = self.cleaned_data
        fields = self.kind.fields if self.kind.is_standard else tuple(said["fields_told"])
        reason = ExportReason(said["reason"])
        return ExportFacts(self.kind.code, fields, said["first_day"], said["last_day"], reason, said["words"])


class DecideExportForm(DeskForm):
    """The answer of the other person; a no says why."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Let it out, once")), ("no", _("Do not let it out"))],
        widget=RadioList,
        error_messages={"required": _("Choose your answer")},
    )
    words = forms.CharField(
        label=_("In words"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever asked reads it."), error_messages={"max_length": _("Shorten it to 600 letters")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("answer") == "no" and not cleaned.get("words"):
            self.add_error("words", _("Write why not, so that whoever asked can ask better"))
        return cleaned
