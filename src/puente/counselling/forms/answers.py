"""One small form for each answer of the work profile. A section is several of them; "this is not so" is one alone."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from puente.counselling.facts import MOST_NEVER_SEND, MOST_PLACES, MOST_SKILLS, NO_HOURS_LIMIT, ProfileFacts
from puente.counselling.forms.fields import AskedListField, PlaceField, build_money_field
from puente.counselling.matching import list_body_limits
from puente.offices.services import read_rows
from puente.opportunities.requirements import ENGLISH_LABELS, list_choices
from puente.platform.paths import CONTENT
from puente.web.forms import DeskForm, SegmentedRadio


class AnswerForm(DeskForm):
    """Edits one answer: filled from the facts, and giving back which fields of them change."""

    title: ClassVar[Any]

    def __init__(self, facts: ProfileFacts, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=type(self).__name__.lower())
        self.fill(facts)

    def fill(self, facts: ProfileFacts) -> None:
        """Put what was said before into the fields."""
        for name in self.fields:
            self.initial[name] = getattr(facts, name)

    def read_changes(self) -> dict[str, Any]:
        """Return the new values of the facts; after `is_valid`."""
        return dict(self.cleaned_data)


class HomeForm(AnswerForm):
    title = _("Own home")
    home_municipality = PlaceField(states=False, label=_("Municipality where the person goes home to"))

    def fill(self, facts: ProfileFacts) -> None:
        field = self.fields["home_municipality"]
        if facts.home_municipality and isinstance(field, PlaceField):
            self.initial["home_municipality"] = field.know(facts.home_municipality)

    def read_changes(self) -> dict[str, Any]:
        return {"home_municipality": self.cleaned_data["home_municipality"] or None}


class _PlacesForm(AnswerForm):
    """Several places, one a line."""

    fact: ClassVar[str]
    most: ClassVar[int]
    label: ClassVar[Any]

    def fill(self, facts: ProfileFacts) -> None:
        codes = getattr(facts, self.fact)
        for number in range(1, self.most + 1):
            field = PlaceField(states=True, label=self.label % {"number": number})
            self.fields[f"place_{number}"] = field
            if number <= len(codes):
                self.initial[f"place_{number}"] = field.know(codes[number - 1])

    def read_changes(self) -> dict[str, Any]:
        codes = [self.cleaned_data[f"place_{number}"] for number in range(1, self.most + 1)]
        return {self.fact: tuple(dict.fromkeys(code for code in codes if code))}


class PlacesForm(_PlacesForm):
    title = _("Where the person would live, in order")
    fact, most, label = "places", MOST_PLACES, _("Place %(number)s")


class NeverSendForm(_PlacesForm):
    title = _("Where the person must never be sent")
    fact, most, label = "never_send", MOST_NEVER_SEND, _("Never %(number)s")


class WageForm(AnswerForm):
    title = _("Pay")
    wage_floor = build_money_field(_("The least, in pesos a month"))
    wage_give = build_money_field(
        _("Would give way by up to"), help_text=_("Pesos a month below it. Empty: by nothing.")
    )

    def fill(self, facts: ProfileFacts) -> None:
        self.initial = {"wage_floor": facts.wage_floor, "wage_give": facts.wage_give or None}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        floor, give = cleaned.get("wage_floor"), cleaned.get("wage_give")
        if give and (floor is None or give > floor):
            self.add_error("wage_give", _("This is more than the least pay. Write how much of it could be given up."))
        return cleaned

    def read_changes(self) -> dict[str, Any]:
        return {"wage_floor": self.cleaned_data["wage_floor"], "wage_give": self.cleaned_data["wage_give"] or 0}


class WeekForm(AnswerForm):
    title = _("Days and hours")
    refused_schedule = AskedListField(
        label=_("What the person does not accept"),
        choices=[
            ("sundays", _("Working on Sundays")),
            ("nights", _("Working at night")),
            ("rotating", _("Rotating shifts")),
        ],
        none_label=_("Accepts all of these"),
    )
    max_hours = forms.TypedChoiceField(
        label=_("Hours a week, at most"), required=False, coerce=int, empty_value=None, widget=SegmentedRadio,
        choices=[(24, "24"), (36, "36"), (40, "40"), (48, "48"), (60, "60"), (NO_HOURS_LIMIT, _("No limit"))],
    )  # fmt: skip


class HouseholdForm(AnswerForm):
    title = _("Household")
    household_size = forms.IntegerField(
        label=_("People who would live together"), required=False, min_value=1, max_value=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}), help_text=_("Counted where the job gives lodging."),
        error_messages={
            "invalid": _("Write how many people in digits."), "min_value": _("Count the person too: 1 at least."),
            "max_value": _("This is more than 30. Check it."),
        },
    )  # fmt: skip


class SchoolingForm(AnswerForm):
    title = _("Schooling")

    def fill(self, facts: ProfileFacts) -> None:
        self.fields["schooling"] = forms.ChoiceField(
            label=_("Last level reached"), required=False, choices=[("", _("Not asked yet")), *list_schooling()]
        )
        super().fill(facts)


class EnglishForm(AnswerForm):
    title = _("English")
    english = forms.TypedChoiceField(
        label=_("English"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Not asked yet")), (0, _("None")), *((level, ENGLISH_LABELS[level]) for level in range(1, 7))],
    )  # fmt: skip


class LicencesForm(AnswerForm):
    title = _("Licences")

    def fill(self, facts: ProfileFacts) -> None:
        self.fields["licences"] = AskedListField(
            label=_("Licences"), choices=list_choices("licences"), none_label=_("None")
        )
        super().fill(facts)


class DocumentsForm(AnswerForm):
    title = _("Papers at hand")

    def fill(self, facts: ProfileFacts) -> None:
        self.fields["documents"] = AskedListField(
            label=_("Papers at hand"), choices=list_choices("documents"), none_label=_("None")
        )
        super().fill(facts)


class LanguagesForm(AnswerForm):
    title = _("Languages")

    def fill(self, facts: ProfileFacts) -> None:
        self.fields["languages"] = AskedListField(
            label=_("Languages beside English"), choices=list_choices("languages"), none_label=_("None of these"),
            help_text=_("They open work that asks for them. They never lower a place in the list."),
        )  # fmt: skip
        super().fill(facts)


class SkillsForm(AnswerForm):
    title = _("What else the person knows how to do")
    skills = forms.CharField(
        label=_("Skills, machines, certificates"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line. Only this office sees it."), max_length=1200,
    )  # fmt: skip

    def fill(self, facts: ProfileFacts) -> None:
        self.initial["skills"] = "\n".join(facts.skills)

    def clean_skills(self) -> tuple[str, ...]:
        lines = tuple(line.strip() for line in self.cleaned_data["skills"].splitlines() if line.strip())
        if len(lines) > MOST_SKILLS:
            raise forms.ValidationError(_("Write ten lines at most."))
        return lines


class BodyForm(AnswerForm):
    title = _("What the body cannot do for now")

    def fill(self, facts: ProfileFacts) -> None:
        language = (translation.get_language() or "es")[:2]
        self.fields["body_limits"] = AskedListField(
            label=_("Limits"), none_label=_("No limit"),
            choices=[(row["code"], row.get(f"label_{language}") or row["label_es"]) for row in list_body_limits()],
            help_text=_("Only what matters for work. No illness is written down here."),
        )  # fmt: skip
        super().fill(facts)


#: Answer → its form. `jobs` has pages of its own.
ANSWER_FORMS: dict[str, type[AnswerForm]] = {
    "home": HomeForm,
    "places": PlacesForm,
    "wage": WageForm,
    "week": WeekForm,
    "household": HouseholdForm,
    "schooling": SchoolingForm,
    "english": EnglishForm,
    "licences": LicencesForm,
    "documents": DocumentsForm,
    "languages": LanguagesForm,
    "body": BodyForm,
}
#: Section of the profile → its title and its forms, in the order in which they are asked.
SECTIONS: dict[str, tuple[Any, tuple[type[AnswerForm], ...]]] = {
    "places": (_("Where"), (HomeForm, PlacesForm)),
    "terms": (_("What the person asks for"), (WageForm, WeekForm, HouseholdForm)),
    "papers": (
        _("What the person brings"),
        (SchoolingForm, EnglishForm, LicencesForm, DocumentsForm, LanguagesForm, SkillsForm),
    ),
    "body": (_("Body"), (BodyForm,)),
    "never": (_("Never send"), (NeverSendForm,)),
}


def list_schooling() -> list[tuple[str, str]]:
    """Return the levels of schooling in the reader's language."""
    language = (translation.get_language() or "es")[:2]
    return [(row["code"], row.get(f"label_{language}") or row["label_es"]) for row in _schooling_rows()]


@lru_cache(maxsize=1)
def _schooling_rows() -> tuple[dict[str, str], ...]:
    return tuple(read_rows(CONTENT / "labour" / "schooling_levels.csv"))
