"""The forms around reserved files in other hands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puente.people.pseudonyms import read_reference
from puente.platform.policy import Purpose
from puente.protection.models import AccessReview
from puente.protection.services.access import SHORTEST_REASON
from puente.web.forms import DeskForm, RadioList

PURPOSES = (
    (Purpose.PROTECTION, _("Protection: I go on with the case")),
    (Purpose.REFERRAL, _("Referral: another service asks")),
    (Purpose.FOLLOW_UP, _("Follow-up: I call the person")),
)
UNKNOWN = _("No reserved file has this reference. Compare it with the paper and write it again.")


class ReferenceForm(DeskForm):
    """Which file, and why."""

    reference = forms.CharField(
        label=_("Reference of the file"),
        max_length=20,
        help_text=_("Eight letters and digits, such as K7F2-Q9ME."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Write the reference"), "max_length": UNKNOWN},
    )
    reason = forms.CharField(
        label=_("Why"),
        min_length=SHORTEST_REASON,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever answers reads it. Do not write the name of the person."),
        error_messages={
            "required": _("Write why"),
            "min_length": _("Say it in at least 20 letters"),
            "max_length": _("Shorten it to 600 letters"),
        },
    )

    def clean_reference(self) -> str:
        words = str(self.cleaned_data["reference"])
        if read_reference(words) is None:
            raise forms.ValidationError(_("A reference has eight letters and digits, such as K7F2-Q9ME"))
        return words


class AskForm(ReferenceForm):
    """A request that another person answers."""

    purpose = forms.ChoiceField(
        label=_("What for"), choices=PURPOSES, widget=RadioList, initial=Purpose.PROTECTION,
        error_messages={"required": _("Choose what for")},
    )  # fmt: skip
    field_order = ("reference", "purpose", "reason")


class EmergencyForm(ReferenceForm):
    """An opening at once."""

    understood = forms.BooleanField(
        label=_("I know that two supervisors are told now and read why"),
        error_messages={"required": _("Mark it to go on")},
    )


class ReviewForm(DeskForm):
    """What an opening in an emergency was."""

    verdict = forms.ChoiceField(
        label=_("What do you find?"), choices=AccessReview.Verdict.choices, widget=RadioList,
        error_messages={"required": _("Choose what you find")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("In words"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Shorten it to 600 letters")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") not in (None, AccessReview.Verdict.JUSTIFIED) and not cleaned.get("note"):
            self.add_error("note", _("Say in words what you found"))
        return cleaned
