"""The forms of the pilot and of its monthly report."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from puente.desk.models import Indicator, Pilot
from puente.desk.services.pilots import PilotFacts
from puente.offices.models import State
from puente.reception.models import Stage
from puente.reception.selectors.queue import AWAY, LIMITS
from puente.web.forms import CheckboxList, DeskForm, SegmentedRadio

MONTHS_OFFERED = 24
LONGEST_WAIT = 24 * 60
STAGES = [stage for stage in Stage if stage not in AWAY]


class PilotForm(DeskForm):
    """What a version of a pilot says."""

    name = forms.CharField(
        label=_("Name"), max_length=80, error_messages={"required": _("Write what the pilot is called")}
    )
    starts_on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Write the day on which it starts"), "invalid": _("Write a day that exists")},
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a day that exists")},
    )
    states = forms.MultipleChoiceField(
        label=_("States of origin that take part"),
        widget=CheckboxList,
        error_messages={"required": _("Choose at least one state")},
    )

    def __init__(self, *arguments: Any, pilot: Pilot | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["states"].choices = list(State.objects.values_list("pk", "name"))  # type: ignore[attr-defined]
        limits = {**LIMITS, **(pilot.wait_limits if pilot else {})}
        for stage in STAGES:
            self.fields[f"limit_{stage}"] = forms.IntegerField(
                label=stage.label,
                min_value=1,
                max_value=LONGEST_WAIT,
                initial=limits[stage],
                error_messages={
                    "required": _("Write after how many minutes a wait is long"),
                    "invalid": _("Write minutes as a whole number"),
                    "min_value": _("Write at least 1 minute"),
                    "max_value": _("Write at most 1440 minutes, a day"),
                },
            )
        for indicator in Indicator:
            most = 100 if indicator is Indicator.FOLLOWED_UP else 1_000_000
            self.fields[f"target_{indicator}"] = forms.IntegerField(
                label=indicator.label,
                required=False,
                min_value=1,
                max_value=most,
                initial=pilot.targets.get(indicator) if pilot else None,
                error_messages={
                    "invalid": _("Write a whole number, or leave it empty"),
                    "min_value": _("Write at least 1, or leave it empty"),
                    "max_value": _("This number is too large. Per cent go to 100"),
                },
            )
        if pilot is not None:
            for name in ("name", "starts_on", "ends_on", "states"):
                self.fields[name].initial = getattr(pilot, name)

    @property
    def limits(self) -> list[forms.BoundField]:
        """The fields of the limits of waiting."""
        return [self[f"limit_{stage}"] for stage in STAGES]

    @property
    def targets(self) -> list[forms.BoundField]:
        """The fields of the targets."""
        return [self[f"target_{indicator}"] for indicator in Indicator]

    def clean(self) -> dict[str, Any]:
        """Say which day to correct where the pilot ends before it starts."""
        found = super().clean() or {}
        starts_on, ends_on = found.get("starts_on"), found.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day is before the first one. Correct one of them"))
        return found

    def build(self) -> PilotFacts:
        """Return what was filled in."""
        found = self.cleaned_data
        return PilotFacts(
            name=found["name"],
            states=tuple(found["states"]),
            starts_on=found["starts_on"],
            ends_on=found["ends_on"],
            wait_limits={stage.value: found[f"limit_{stage}"] for stage in STAGES},
            targets={
                indicator.value: found[f"target_{indicator}"] for indicator in Indicator if found[f"target_{indicator}"]
            },
        )


class ReportForm(DeskForm):
    """Which month, and as what."""

    month = forms.ChoiceField(label=_("Month"), error_messages={"required": _("Choose a month")})
    kind = forms.ChoiceField(
        label=_("As"),
        choices=[("pdf", "PDF"), ("xlsx", "XLSX")],
        initial="pdf",
        widget=SegmentedRadio,
        error_messages={"required": _("Choose PDF or XLSX")},
    )

    def __init__(self, *arguments: Any, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        months = [today.replace(day=1)]
        while len(months) < MONTHS_OFFERED:
            months.append((months[-1] - timedelta(days=1)).replace(day=1))
        choices = [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in months]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]
        self.fields["month"].initial = choices[1][0]
