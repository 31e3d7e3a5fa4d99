"""The desk form of an opening."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from puente.engines.occupations import Suggestion
from puente.engines.occupations.text import fold
from puente.opportunities import requirements
from puente.opportunities.forms.places import PlacedForm, describe_place
from puente.opportunities.imports.mapping import DAYS, FIELDS
from puente.opportunities.models import Employer, Occupation, Opening
from puente.opportunities.selectors.catalogues import suggest_occupations
from puente.opportunities.services.openings import OpeningFacts
from puente.web.forms import CheckboxList, RadioList, SegmentedRadio

LATER = ""


def _choices(kind: str) -> Any:
    return lambda: requirements.list_choices(kind)


class OpeningForm(PlacedForm):
    """Everything that may be said of an opening, in the order in which an employer tells it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of opening"),
        choices=Opening.Kind.choices,
        initial=Opening.Kind.VACANCY,
        widget=SegmentedRadio,
        error_messages={"required": gettext_lazy("Choose the kind of opening")},
    )
    title = forms.CharField(
        label=gettext_lazy("Job title or name of the course"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the job title or the name of the course")},
    )
    employer = forms.CharField(
        label=gettext_lazy("Employer"),
        help_text=gettext_lazy("As it stands in the list of employers. Leave it empty where it is not known."),
        max_length=160,
        required=False,
    )
    description = forms.CharField(
        label=gettext_lazy("What is done, and how to apply"),
        widget=forms.Textarea({"rows": 4}),
        max_length=4000,
        required=False,
    )
    occupation = forms.ChoiceField(label=gettext_lazy("Occupation"), widget=RadioList, required=False)
    occupation_code = forms.RegexField(
        r"^\d{4}$",
        label=gettext_lazy("Another SINCO code"),
        help_text=gettext_lazy("Four digits, if none of the above is right."),
        required=False,
        error_messages={"invalid": gettext_lazy("A SINCO code has four digits")},
    )
    is_remote = forms.BooleanField(label=gettext_lazy("It is done from home"), required=False)
    wage_min = forms.DecimalField(
        label=gettext_lazy("Lowest wage, pesos a month"),
        min_value=1,
        max_value=9_999_999,
        decimal_places=2,
        required=False,
    )
    wage_max = forms.DecimalField(
        label=gettext_lazy("Highest wage, pesos a month"),
        min_value=1,
        max_value=9_999_999,
        decimal_places=2,
        required=False,
    )
    cost = forms.DecimalField(
        label=gettext_lazy("What the person pays, pesos"),
        min_value=0,
        max_value=9_999_999,
        decimal_places=2,
        required=False,
    )
    support_amount = forms.DecimalField(
        label=gettext_lazy("Amount of the support, pesos"),
        min_value=1,
        max_value=9_999_999,
        decimal_places=2,
        required=False,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"),
        choices=[(str(day), FIELDS[name]) for day, name in enumerate(DAYS)],
        coerce=int,
        widget=CheckboxList,
        required=False,
    )
    starts_at = forms.TimeField(
        label=gettext_lazy("Hour of entry"), required=False,
        error_messages={"invalid": gettext_lazy("Write the hour of entry as 08:30")},
    )  # fmt: skip
    ends_at = forms.TimeField(
        label=gettext_lazy("Hour of exit"), required=False,
        error_messages={"invalid": gettext_lazy("Write the hour of exit as 17:30")},
    )  # fmt: skip
    hours_a_week = forms.DecimalField(
        label=gettext_lazy("Hours a week"), min_value=1, max_value=168, decimal_places=1, required=False
    )
    rotates = forms.BooleanField(label=gettext_lazy("Rotating shifts"), required=False)
    schooling = forms.TypedChoiceField(
        label=gettext_lazy("Schooling asked"),
        choices=list(requirements.SCHOOLING_LABELS.items()),
        coerce=int,
        initial=0,
        error_messages={"required": gettext_lazy("Choose the schooling that is asked")},
    )
    english = forms.TypedChoiceField(
        label=gettext_lazy("English asked"),
        choices=list(requirements.ENGLISH_LABELS.items()),
        coerce=int,
        initial=0,
        error_messages={"required": gettext_lazy("Choose the English that is asked")},
    )
    licences = forms.MultipleChoiceField(
        label=gettext_lazy("Licences asked"), choices=_choices("licences"), widget=CheckboxList, required=False
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Other languages asked"), choices=_choices("languages"), widget=CheckboxList, required=False
    )
    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Papers asked"), choices=_choices("documents"), widget=CheckboxList, required=False
    )
    physical = forms.MultipleChoiceField(
        label=gettext_lazy("What it asks of the body"),
        choices=_choices("physical"),
        widget=CheckboxList,
        required=False,
    )
    age_min = forms.IntegerField(label=gettext_lazy("Lowest age"), min_value=15, max_value=99, required=False)
    age_max = forms.IntegerField(label=gettext_lazy("Highest age"), min_value=15, max_value=99, required=False)
    age_ground = forms.CharField(
        label=gettext_lazy("Law that asks for the age"),
        help_text=gettext_lazy("For example: Ley Federal del Trabajo, artículo 175 (nobody under 18 at night)."),
        max_length=200,
        required=False,
    )
    housing = forms.BooleanField(label=gettext_lazy("Housing is part of it"), required=False)
    household_places = forms.IntegerField(
        label=gettext_lazy("Places for the household"),
        help_text=gettext_lazy("How many people the housing takes."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    places = forms.IntegerField(
        label=pgettext_lazy("opening", "Places"), min_value=1, max_value=10_000, initial=1,
        error_messages={"required": gettext_lazy("Write how many people it takes")},
    )  # fmt: skip
    valid_from = forms.DateField(
        label=gettext_lazy("Stands from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose the day from which it stands")},
    )  # fmt: skip
    valid_until = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), required=False,
        help_text=gettext_lazy("Empty: it stands until somebody closes it."),
    )  # fmt: skip

    def __init__(self, *args: Any, opening: Opening | None = None, **kwargs: Any) -> None:
        if opening is not None:
            kwargs["initial"] = _describe(opening)
        super().__init__(*args, **kwargs)
        self.employer_found: Employer | None = None
        title = self["title"].value() or ""
        self.suggested: list[Occupation]
        self.suggestion: Suggestion | None
        self.suggested, self.suggestion = suggest_occupations(title) if title.strip() else ([], None)
        offered = {found.code: found for found in self.suggested}
        if opening is not None and opening.occupation:
            offered.setdefault(opening.occupation.code, opening.occupation)
        occupation: Any = self.fields["occupation"]
        occupation.choices = [
            *((code, f"{found.title} · {code}") for code, found in offered.items()),
            (LATER, _("Not sure: put the title into the queue")),
        ]
        if opening is None and self.suggested and not self.is_bound:
            self.initial.setdefault("occupation", self.suggested[0].code)

    def clean_employer(self) -> str:
        """Find the employer by its name, however it is spelled."""
        name: str = self.cleaned_data["employer"].strip()
        if name:
            self.employer_found = Employer.objects.filter(name_key=fold(name)[:160]).first()
            if self.employer_found is None:
                raise forms.ValidationError(_("No employer has this name. Write it down first, under Employers."))
        return name

    def clean_occupation_code(self) -> str:
        """Check that the code is one of SINCO."""
        code: str = self.cleaned_data["occupation_code"]
        if code and not Occupation.objects.filter(pk=code).exists():
            raise forms.ValidationError(_("SINCO 2019 has no unit group of this code. Check the digits."))
        return code

    def to_facts(self) -> OpeningFacts:
        """Return what a valid form says."""
        said = self.cleaned_data
        own = {name: said[name] for name in OpeningFacts.__dataclass_fields__ if name in said and name != "weekdays"}
        return OpeningFacts(
            **own,
            employer_id=self.employer_found.pk if self.employer_found else None,
            occupation_id=said["occupation_code"] or said["occupation"] or None,
            state_id=said["state"] or None,
            municipality_id=said["municipality"],
            weekdays=sum(1 << day for day in said["weekdays"]),
        )


def _describe(opening: Opening) -> dict[str, Any]:
    initial = {name: getattr(opening, name) for name in OpeningFacts.__dataclass_fields__}
    return initial | {
        "employer": opening.employer.name if opening.employer else "",
        "occupation": opening.occupation_id or LATER,
        "weekdays": [str(day) for day in range(7) if opening.weekdays >> day & 1],
        **describe_place(opening.municipality, opening.state_id),
    }
