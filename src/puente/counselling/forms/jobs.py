"""Past jobs: one added in the person's own words, or those that are there corrected."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puente.counselling.facts import JobFacts, ProfileFacts
from puente.counselling.models.profiles import MOST_WORDS
from puente.opportunities.models import Occupation
from puente.opportunities.selectors.catalogues import suggest_occupations
from puente.web.forms import DeskForm, RadioList, SegmentedRadio

NONE_OF_THESE = "none"
COUNTRIES = [("US", _("United States")), ("MX", _("Mexico")), ("XX", _("Another"))]


def _build_years_field() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Years"),
        required=False,
        min_value=0,
        max_value=80,
        max_digits=4,
        decimal_places=1,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write the years in digits: 6, or 0.5 for half a year."),
            "min_value": _("Write zero or more years."),
            "max_value": _("This is more than 80 years. Check it."),
            "max_decimal_places": _("One decimal place is enough: 0.5."),
        },
    )


class JobForm(DeskForm):
    """A past job. The occupation is chosen among those suggested for the words, or left open."""

    words = forms.CharField(
        label=_("What did the person work as?"),
        max_length=MOST_WORDS,
        help_text=_("In their own words, in Spanish or English: roofer, tablaroca, lavaplatos."),
        error_messages={"required": _("Write what the person worked as.")},
    )
    occupation = forms.CharField(required=False, max_length=4)
    years = _build_years_field()
    country = forms.ChoiceField(label=_("Where"), required=False, choices=COUNTRIES, widget=SegmentedRadio)
    employer = forms.CharField(
        label=_("For whom, in which town"),
        required=False,
        max_length=120,
        help_text=_("Sealed: only this office sees it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.occupations, self.suggestion = suggest_occupations(cleaned.get("words", ""))
        known = {occupation.code for occupation in self.occupations} | {"", NONE_OF_THESE}
        if cleaned.get("occupation", "") not in known:
            self.add_error("occupation", _("The words changed. Choose the occupation again."))
        return cleaned

    def build_job(self) -> JobFacts:
        """Return the job; after `is_valid`. Without a choice the likeliest occupation counts, unconfirmed."""
        codes = tuple(occupation.code for occupation in self.occupations)
        chosen = self.cleaned_data["occupation"]
        is_confirmed = chosen not in ("", NONE_OF_THESE)
        likeliest = codes[0] if codes and chosen != NONE_OF_THESE else None
        return JobFacts(
            words=self.cleaned_data["words"],
            suggested=codes,
            close_pair=() if is_confirmed or chosen == NONE_OF_THESE else tuple(self.suggestion.question or ()),
            occupation=chosen if is_confirmed else likeliest,
            is_confirmed=is_confirmed,
            years=_to_float(self.cleaned_data["years"]),
            country=self.cleaned_data["country"],
            employer=self.cleaned_data["employer"],
        )


class JobsForm(DeskForm):
    """The past jobs that are there: their occupations and years corrected, or the job taken out."""

    title = _("Past jobs")

    def __init__(
        self, facts: ProfileFacts, occupations: Mapping[str, Occupation], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix="jobs")
        self.jobs = facts.jobs
        for number, job in enumerate(facts.jobs):
            codes = dict.fromkeys([*([job.occupation] if job.occupation else []), *job.suggested])
            self.fields[f"occupation_{number}"] = forms.ChoiceField(
                label=f"«{job.words}»",
                required=False,
                widget=RadioList,
                initial=(job.occupation if job.is_confirmed else "") or "",
                choices=[
                    *((code, str(occupations[code])) for code in codes if code in occupations),
                    ("", _("None of these, or not sure")),
                ],
            )
            self.fields[f"years_{number}"] = _build_years_field()
            self.initial[f"years_{number}"] = int(job.years) if job.years and job.years == int(job.years) else job.years
            self.fields[f"remove_{number}"] = forms.BooleanField(label=_("Take this job out"), required=False)

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Return the fields of each job."""
        return [
            (self[f"occupation_{number}"], self[f"years_{number}"], self[f"remove_{number}"])
            for number in range(len(self.jobs))
        ]

    def read_changes(self) -> dict[str, Any]:
        """Return the new jobs; after `is_valid`."""
        return {
            "jobs": tuple(
                self._correct(number, job)
                for number, job in enumerate(self.jobs)
                if not self.cleaned_data[f"remove_{number}"]
            )
        }

    def _correct(self, number: int, job: JobFacts) -> JobFacts:
        chosen, years = self.cleaned_data[f"occupation_{number}"], _to_float(self.cleaned_data[f"years_{number}"])
        if chosen:
            return replace(job, occupation=chosen, is_confirmed=True, close_pair=(), years=years)
        return replace(job, is_confirmed=False, years=years)


def _to_float(number: Any) -> float | None:
    return None if number is None else float(number)
