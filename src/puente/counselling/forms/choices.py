"""Forms about choosing, introducing and following up."""

from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from puente.counselling.forms.fields import build_money_field
from puente.counselling.models import Choice, Introduction, Outcome
from puente.engines.identity.birth import EARLIEST_YEAR, PartialDate
from puente.people.models import ConsentDecision
from puente.web.forms import DeskForm, RadioList, SegmentedRadio


class NoneForm(DeskForm):
    """Why the person wants none of the openings, if they say."""

    why = forms.ChoiceField(
        label=_("What do they say?"),
        choices=Choice.WhyNone.choices,
        initial=Choice.WhyNone.NOT_SAID,
        widget=RadioList,
    )


class ConsentForm(DeskForm):
    """The consent on which an introduction rests, taken down after its words were read aloud."""

    decision = forms.ChoiceField(
        label=_("What does the person say?"),
        widget=SegmentedRadio,
        choices=[("given", _("Yes")), ("refused", _("No"))],
        error_messages={"required": _("Choose what the person said.")},
    )
    means = forms.ChoiceField(
        label=_("How do they say it?"),
        widget=SegmentedRadio,
        choices=[
            (ConsentDecision.Means.SIGNATURE, _("Signs")),
            (ConsentDecision.Means.THUMBPRINT, _("Thumbprint")),
            (ConsentDecision.Means.VERBAL, _("By word of mouth")),
        ],
        error_messages={"required": _("Choose how the person said it.")},
    )

    witness = forms.CharField(
        label=_("Who else heard it"),
        required=False,
        max_length=120,
        help_text=_("Only for a yes by word of mouth. Sealed."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("means") == ConsentDecision.Means.VERBAL and not cleaned.get("witness"):
            self.add_error("witness", _("Write who else heard it."))
        return cleaned


class IntroduceForm(DeskForm):
    """Send exactly what the page shows, to this employer."""

    channel = forms.ChoiceField(
        label=_("How is it sent?"),
        widget=SegmentedRadio,
        choices=Introduction.Channel.choices,
        error_messages={"required": _("Choose how it is sent.")},
    )
    said_yes = forms.BooleanField(
        label=_("The person said yes to this employer"),
        error_messages={"required": _("Ask the person about this employer. Without a yes nothing is sent.")},
    )
    shown = forms.CharField(widget=forms.HiddenInput)


class StateForm(DeskForm):
    """What became of an introduction."""

    state = forms.ChoiceField(
        label=_("What happened?"), widget=SegmentedRadio, error_messages={"required": _("Choose what happened.")}
    )
    wage = build_money_field(_("Wage agreed, in pesos a month"), help_text=_("Only where the person was hired."))

    def __init__(self, states: tuple[str, ...], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        labels = dict(Introduction.State.choices)
        self.fields["state"].choices = [(state, labels[state]) for state in states]  # type: ignore[attr-defined]


class OutcomeForm(DeskForm):
    """How the person is, some months on."""

    work = forms.ChoiceField(
        label=_("How is the person today?"),
        widget=RadioList,
        choices=Outcome.Work.choices,
        error_messages={"required": _("Choose what the person said, or that they could not be reached.")},
    )
    wage = build_money_field(_("What they earn, in pesos a month"), help_text=_("Only if they work and want to say."))
    through_introduction = forms.TypedChoiceField(
        label=_("Is it a job that this office introduced them to?"),
        required=False,
        widget=SegmentedRadio,
        empty_value=None,
        coerce=lambda value: value == "yes",
        choices=[("yes", _("Yes")), ("no", _("No"))],
    )
    note = forms.CharField(
        label=_("What they tell"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Sealed: only this office sees it."),
    )


class BirthForm(DeskForm):
    """The birth date that opens the phone page. Errors say what to write, never what was wrong with the answer."""

    day = forms.IntegerField(
        label=_("Day"),
        min_value=1,
        max_value=31,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 2}),
        error_messages={
            name: _("Write the day in digits, such as 14.") for name in ("invalid", "min_value", "max_value")
        },
    )
    month = forms.TypedChoiceField(
        label=_("Month"), coerce=int, empty_value=None, required=False, choices=[("", "—"), *MONTHS.items()]
    )
    year = forms.IntegerField(
        label=_("Year"),
        min_value=EARLIEST_YEAR,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
        error_messages={
            name: _("Write the year with four digits, such as 1992.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        year, month, day = (cleaned.get(name) for name in ("year", "month", "day"))
        if day and not month and not self.errors:
            self.add_error("month", _("Choose the month too."))
        if year and not self.errors:
            try:
                self.birth = PartialDate.from_parts(year, month, day)
            except ValueError:
                self.add_error("day", _("That month has no such day. Correct the day."))
        return cleaned
