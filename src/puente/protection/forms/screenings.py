"""The forms of a screening: how it is held, the indicators of a dimension, the story, the reading, a correction."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from puente.engines.screening import AgeBasis, Answer, Indicator, Outcome, pick_set
from puente.people.catalogue import languages
from puente.protection.models import LegalForm
from puente.protection.screening_content import htcds_values
from puente.protection.screening_wording import AGES, ANSWERS, CONSENTS, INTERPRETERS, OUTCOMES, Words
from puente.protection.screenings import ConsentGiver, Interpreter, Screening, Setting, Story
from puente.web.forms import CheckboxList, DeskForm, RadioList, SegmentedRadio

LABOUR, SEXUAL = "labour", "sexual"
METHODS = "vic_MethodOfRecruitment"
TYPES = "vic_TypeOfExploitation"
INDUSTRIES = "vic_ForcedLabourIndustry"
SEXUAL_TYPES = "vic_TypeOfSexExploitation"
PICKED_LABELS: dict[str, Words] = {
    METHODS: _("Where or how the person was recruited"),
    TYPES: _("Kind of exploitation"),
    INDUSTRIES: _("In what work"),
    SEXUAL_TYPES: _("Kind of sexual exploitation"),
}


def _choices(words: Mapping[Any, Words]) -> list[tuple[str, Words]]:
    return [(str(value), label) for value, label in words.items()]


class SettingForm(DeskForm):
    """How the interview is held, asked before the first question."""

    subject = forms.ChoiceField(
        label=_("What is it about?"),
        help_text=_("One screening asks about one subject. Begin another for the other."),
        choices=[(LABOUR, _("Labour exploitation")), (SEXUAL, _("Sexual exploitation"))],
        widget=SegmentedRadio,
        error_messages={"required": _("Choose what the screening is about")},
    )
    age_basis = forms.ChoiceField(
        label=_("How old is the person?"),
        help_text=_("In doubt, the person is taken for a child until the age is known."),
        choices=_choices(AGES),
        widget=RadioList,
        error_messages={"required": _("Choose the age")},
    )
    consent_by = forms.ChoiceField(
        label=_("Who agreed to this interview?"),
        help_text=_("Without consent there is no interview: leave the page, and note it in the case."),
        choices=_choices(CONSENTS),
        widget=RadioList,
        error_messages={"required": _("Choose who agreed. Without consent, do not begin")},
    )
    place = forms.CharField(
        label=_("Where is it held?"),
        max_length=120,
        error_messages={"required": _("Write where it is held"), "max_length": _("Shorten it to 120 characters")},
    )
    is_private = forms.TypedChoiceField(
        label=_("Is the person alone with you?"),
        help_text=_("Nobody who came with the person should hear it; a child may have the adult it trusts."),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        widget=SegmentedRadio,
        error_messages={"required": _("Choose whether the person is alone with you")},
    )
    language = forms.ChoiceField(
        label=_("In what language?"), error_messages={"required": _("Choose the language of the interview")}
    )
    interpreter = forms.ChoiceField(
        label=_("Interpreter"),
        help_text=_("The interpreter's name is not asked."),
        choices=_choices(INTERPRETERS),
        widget=RadioList,
        initial=Interpreter.NONE.value,
    )
    counts_in_statistics = forms.BooleanField(
        label=_("The person agrees that the case counts in international statistics, without name, date or place"),
        required=False,
    )

    def __init__(self, data: Any = None, *, suggested: AgeBasis, language: str) -> None:
        super().__init__(data, initial={"age_basis": suggested.value, "language": language})
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (entry.code, entry.label) for entry in languages().values()
        ]

    def build(self) -> Setting:
        """Return the setting of a valid form."""
        said = self.cleaned_data
        age_basis = AgeBasis(said["age_basis"])
        return Setting(
            asked=pick_set(is_child=age_basis.is_child, is_sexual=said["subject"] == SEXUAL),
            age_basis=age_basis,
            place=said["place"],
            language=said["language"],
            interpreter=Interpreter(said["interpreter"]),
            is_private=said["is_private"],
            consent_by=ConsentGiver(said["consent_by"]),
            counts_in_statistics=said["counts_in_statistics"],
        )


class AnswerField(forms.ChoiceField):
    """What was found of one indicator; the question to the person stands under it."""

    def __init__(self, indicator: Indicator, *, required: bool = False) -> None:
        language = get_language() or "es"
        super().__init__(
            label=indicator.label.say(language),
            help_text=f"«{indicator.question.say(language)}»",
            choices=_choices(ANSWERS),
            widget=SegmentedRadio,
            required=required,
            error_messages={"required": _("Choose what was found"), "invalid_choice": _("Choose what was found")},
        )


class DimensionForm(DeskForm):
    """The indicators of one dimension. What is left open stays not asked."""

    def __init__(self, indicators: Sequence[Indicator], answers: Mapping[str, Answer], data: Any = None) -> None:
        super().__init__(data, initial={indicator.id: answers.get(indicator.id) for indicator in indicators})
        for indicator in indicators:
            self.fields[indicator.id] = AnswerField(indicator)

    @property
    def answers(self) -> dict[str, Answer]:
        """What a valid form answers: indicator id → answer."""
        return {name: Answer(said) for name, said in self.cleaned_data.items() if said}


class StoryForm(DeskForm):
    """The facts beside the indicators."""

    act = forms.ChoiceField(
        label=_("Did somebody recruit, take, move, hide or receive the person?"),
        choices=_choices(ANSWERS),
        widget=SegmentedRadio,
        required=False,
    )
    legal_forms = forms.MultipleChoiceField(
        label=_("Forms of exploitation that the law names"), widget=CheckboxList, required=False
    )

    def __init__(self, screening: Screening, offered: Sequence[LegalForm], data: Any = None) -> None:
        story = screening.story or Story()
        initial = {"act": story.act if screening.story else "", "legal_forms": list(story.legal_forms)}
        super().__init__(data, initial=initial | {name: list(values) for name, values in story.picked.items()})
        self.fields["legal_forms"].choices = [  # type: ignore[attr-defined]
            (form.code, form.label) for form in offered
        ]
        self.picked = (METHODS, TYPES, SEXUAL_TYPES if screening.setting.asked.is_sexual else INDUSTRIES)
        language = get_language() or "es"
        for name in self.picked:
            self.fields[name] = forms.MultipleChoiceField(
                label=str(PICKED_LABELS[name]),
                choices=[(value, words.say(language)) for value, words in htcds_values()[name].items()],
                widget=CheckboxList,
                required=False,
            )

    def build(self) -> Story:
        """Return the story of a valid form."""
        said = self.cleaned_data
        return Story(
            act=Answer(said["act"] or Answer.UNKNOWN),
            legal_forms=tuple(said["legal_forms"]),
            picked={name: tuple(said[name]) for name in self.picked if said[name]},
        )


class ConclusionForm(DeskForm):
    """The officer's own reading."""

    outcome = forms.ChoiceField(
        label=_("How do you read it?"),
        choices=_choices(OUTCOMES),
        widget=RadioList,
        error_messages={"required": _("Choose how you read it")},
    )
    reason = forms.CharField(
        label=_("Why, if you read it otherwise than the tool"),
        help_text=_("What you saw or heard that the indicators do not say."),
        widget=forms.Textarea({"rows": 3}),
        required=False,
    )

    def __init__(self, suggested: Outcome, data: Any = None) -> None:
        super().__init__(data, initial={"outcome": suggested.value})


class AnswerCorrectionForm(DeskForm):
    """One answer of a screening that was read, and why it changes."""

    reason = forms.CharField(
        label=pgettext_lazy("correction", "Why is it corrected?"),
        help_text=_("Stays in the history, beside the earlier answer."),
        max_length=300,
        error_messages={
            "required": _("Write why, in a few words"),
            "max_length": _("Shorten it to 300 characters"),
        },
    )
    field_order = ["answer", "reason"]

    def __init__(self, indicator: Indicator, answer: Answer | None, data: Any = None) -> None:
        super().__init__(data, initial={"answer": answer})
        self.fields["answer"] = AnswerField(indicator, required=True)
        self.order_fields(self.field_order)
