"""The forms of the child's part of a case: one a topic, with fields that are called as those of its record."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from puente.people.catalogue import read_list
from puente.protection.child_records import KINDS, Record, TracingState
from puente.protection.forms.fields import Words, ask_choice, ask_day, ask_moment, ask_words
from puente.protection.services.children import InvalidRecord
from puente.web.forms import DeskForm, RadioList, SegmentedRadio

STATUSES: list[tuple[str, Words]] = [
    ("unaccompanied", _("Unaccompanied: with no adult of the family")),
    ("separated", _("Separated: with an adult of the family who is not mother, father or guardian")),
]
RISKS: list[tuple[str, Words]] = [("high", _("High")), ("medium", _("Medium")), ("low", _("Low"))]
MEANS: list[tuple[str, Words]] = [
    ("in_person", _("In person")), ("letter", _("By letter")), ("telephone", _("By telephone")),
    ("mail", _("By e-mail")),
]  # fmt: skip
EXECUTIONS: list[tuple[str, Words]] = [
    ("pending", _("Not begun")), ("ongoing", _("Going on")), ("done", _("Carried out")),
    ("not_done", _("Not carried out")),
]  # fmt: skip
STATES: list[tuple[str, Words]] = [
    (TracingState.OPEN, pgettext_lazy("search for the family", "Open")),
    (TracingState.IN_PROGRESS, _("In progress")),
    (TracingState.VERIFIED, _("Family found and verified")),
    (TracingState.REUNIFIED, _("Reunified")),
    (TracingState.CLOSED, pgettext_lazy("search for the family", "Closed")),
]
FINDINGS: list[tuple[str, Words]] = [
    ("presumed", _("Presumed victim of whoever sends the child over the border")),
    ("unclear", _("Not clear yet: keep looking")),
    ("not_presumed", _("Nothing speaks for it now")),
]


def _list_of(name: str) -> list[tuple[str, Words]]:
    return [("", ""), *((code, entry.label) for code, entry in read_list(f"protection/{name}").items())]


class RecordForm(DeskForm):
    """A form of which each field is one of its record."""

    #: Fields whose choices come from a content list, by the list's name.
    lists: dict[str, str] = {}

    def __init__(self, topic: str, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.topic = topic
        for name, listed in self.lists.items():
            self.fields[name].choices = _list_of(listed)  # type: ignore[attr-defined]

    def build(self) -> Record:
        """Return the record that the form says."""
        record: Record = KINDS[self.topic].record(**{name: self.cleaned_data[name] for name in self.fields})
        return record

    def show_problems(self, refused: InvalidRecord) -> None:
        """Put what a service found wrong at the fields it is about."""
        for name, message in refused.problems.items():
            self.add_error(name, str(message))

    def describe(self, record: Record) -> list[tuple[Words, str]]:
        """Return (label, value) of everything that a record says, in the reader's words."""
        told = [(field.label or "", self.say(field, getattr(record, name))) for name, field in self.fields.items()]
        return [(label, value) for label, value in told if value]

    @staticmethod
    def say(field: forms.Field, value: Any) -> str:
        """Return one value of a record in the reader's words."""
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if isinstance(value, datetime):
            return str(date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT"))
        if isinstance(value, date):
            return str(date_format(value, "SHORT_DATE_FORMAT"))
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        return str(value)


class SituationForm(RecordForm):
    """With whom the child is."""

    status = ask_choice(_("The child is"), STATUSES, _("Choose whether the child is unaccompanied or separated"),
                     widget=RadioList)  # fmt: skip
    risk = ask_choice(_("Risk"), RISKS, _("Choose how high the risk is"), widget=SegmentedRadio)
    care_arrangement = ask_choice(_("Where the child is cared for"), [], _("Choose who cares for the child"))
    care_words = ask_words(_("Who cares for the child, in your words"), rows=1)
    separation_cause = ask_choice(_("Why the child is separated"), [], _("Choose why the child is separated"))
    separation_words = ask_words(
        _("About the separation, in your words"), help_text=_("No story: the child is listened to elsewhere."), rows=2
    )
    lists = {"care_arrangement": "care_arrangements", "separation_cause": "separation_causes"}


class DifHandoverForm(RecordForm):
    """The record of the hand-over to DIF."""

    arrived_at = ask_moment(_("Arrival"), _("Write when the child arrived"))
    handed_over_at = ask_moment(_("Hand-over to DIF"), _("Write when the child was handed over"))
    handed_over_by = ask_words(_("Handed over by"), help_text=_("Name and post"), required=_("Write who handed over"),
                            rows=1)  # fmt: skip
    received_by = ask_words(_("Received by"), help_text=_("Name and post"), required=_("Write who received"), rows=1)
    institution = ask_words(_("Institution that receives"), required=_("Write which institution receives"), rows=1)
    place = ask_words(_("Place of the hand-over"), required=_("Write where the hand-over took place"), rows=1)
    is_centre = forms.BooleanField(
        label=_("The child enters a social-assistance centre"), required=False,
        help_text=_("Needs a protection measure: write it into the plan of measures."),
    )  # fmt: skip
    legal_basis = ask_choice(_("Legal basis"), [], _("Choose the legal basis"))
    lists = {"legal_basis": "legal_bases"}


class ProsecutorNoticeForm(RecordForm):
    """The notice to the child-protection prosecutor's office."""

    arrived_at = ask_moment(_("Arrival"), _("Write when the child arrived"))
    notified_at = ask_moment(_("Notice given"), _("Write when the notice was given"))
    office = ask_words(_("Which prosecutor’s office"), required=_("Write which office was told"), rows=1)
    means = ask_choice(_("How"), MEANS, _("Choose how the notice was given"), widget=SegmentedRadio)
    received_by = ask_words(_("Received by"), help_text=_("Name and post"), required=_("Write who received it"), rows=1)
    folio = ask_words(_("Their reference number"), rows=1)
    whereabouts = ask_words(_("Where the child is now"), required=_("Write where the child is"), rows=1)
    names_child = forms.BooleanField(
        label=_("The paper names the child"), required=False,
        help_text=_("Only where the office opens its file by name. Otherwise the reference stands there."),
    )  # fmt: skip


class BestInterestsForm(RecordForm):
    """The assessment of best interests."""

    views = ask_words(_("The child’s views, in the child’s words"),
                   required=_("Write what the child wants, or why nobody could ask"))  # fmt: skip
    identity = ask_words(_("Identity: age, origin, language, culture, belief"), rows=2)
    family = ask_words(_("Family environment and relations"), rows=2)
    safety = ask_words(_("Care, protection and safety"), rows=2)
    vulnerability = ask_words(_("Situation of vulnerability"), rows=2)
    health = ask_words(_("Health"), rows=2)
    education = ask_words(_("Education"), rows=2)
    consulted = ask_words(_("People consulted"), required=_("Write who was consulted"), rows=2)
    decision = ask_words(_("Decision"), required=_("Write what was decided"), rows=2)
    reasons = ask_words(_("Reasons: how each element was weighed"), required=_("Write why it was decided"))
    decided_on = ask_day(_("Decided on"), _("Write the day of the decision"))
    review_on = ask_day(_("Review on"), _("Write the day of the review"))


class MeasureForm(RecordForm):
    """One line of the plan of measures."""

    right = ask_choice(_("Right restricted or violated"), [], _("Choose the right"))
    legal_basis = ask_words(_("Legal basis"), required=_("Write the legal basis"), rows=1)
    kind = ask_choice(_("Kind of measure"), [], _("Choose the kind of measure"))
    measure = ask_words(_("Measure"), required=_("Write what is to be done"), rows=2)
    beneficiary = ask_words(_("For whom"), help_text=_("Such as: the child, the sister, the family"),
                         required=_("Write for whom the measure is"), rows=1)  # fmt: skip
    institution = ask_words(_("Institution responsible"), required=_("Write which institution acts"), rows=1)
    responsible = ask_words(_("Person responsible"), required=_("Write who is responsible"), rows=1)
    periodicity = ask_words(_("How often"), help_text=_("Such as: once, weekly, every month"),
                         required=_("Write how often"), rows=1)  # fmt: skip
    decided_on = ask_day(_("Date"), _("Write the day of the measure"))
    execution = ask_choice(_("Execution"), EXECUTIONS, _("Choose how far it is"), widget=SegmentedRadio)
    execution_words = ask_words(_("About the execution"), rows=1)
    lists = {"right": "child_rights", "kind": "measure_types"}


class StepForm(RecordForm):
    """One of the six steps."""

    step = ask_choice(_("Step"), [], _("Choose the step"))
    done_on = ask_day(_("Done on"), _("Write the day"))
    words = ask_words(_("In words"), rows=2)
    lists = {"step": "restitution_steps"}


class TracingForm(RecordForm):
    """How far the search for the family is."""

    state = forms.TypedChoiceField(
        label=_("How far the search is"), choices=STATES, coerce=TracingState, widget=RadioList,
        error_messages={"required": _("Choose how far the search is")},
    )  # fmt: skip
    contacts = ask_words(
        _("Whom to look for, and how to reach them"),
        help_text=_("Names, kinship, telephone, place. Sealed apart: only who follows the family up opens it."),
        required=_("Write whom to look for, or that nobody is known"),
    )
    words = ask_words(_("What was done and found"), rows=2)


class CircuitFindingForm(RecordForm):
    """What child protection made of repeated returns."""

    finding = ask_choice(_("What you make of it"), FINDINGS, _("Choose what you make of it"), widget=RadioList)
    words = ask_words(_("Why, in your words"), required=_("Write why"))
    told_prosecutor = forms.BooleanField(label=_("The child-protection prosecutor’s office was told"), required=False)


FORMS: dict[str, type[RecordForm]] = {
    "child": SituationForm,
    "prosecutor_notice": ProsecutorNoticeForm,
    "dif_handover": DifHandoverForm,
    "best_interests": BestInterestsForm,
    "measures_plan": MeasureForm,
    "restitution_step": StepForm,
    "tracing": TracingForm,
    "circuit": CircuitFindingForm,
}
