"""The forms of the safety plan, the safe contact, notes and follow-ups."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puente.protection.case_file import FollowUpKind, FollowUpResult
from puente.protection.case_wording import CHANNELS, COMPARTMENTS, DAYS, FOLLOW_UP_KINDS, RESULTS, RISKS, STEPS
from puente.protection.contact import TIMED, Channel, ContactInstructions
from puente.protection.forms.fields import ask_choice, ask_day, ask_words, must_not_have_passed
from puente.protection.safety import Risk, SafetyPlan, Step
from puente.protection.sealed import Compartment
from puente.web.forms import CheckboxList, DeskForm, RadioList, SegmentedRadio


class PlanForm(DeskForm):
    """A version of the safety plan; it begins with what the version in force says."""

    risk = ask_choice(_("Risk"), RISKS.items(), _("Choose how near harm is"), widget=SegmentedRadio)
    risks = ask_words(_("What threatens, and who"), required=_("Write what threatens the person"))
    safe_places = ask_words(_("Where the person is safe"), rows=2)
    never_go = ask_words(_("Where the person must never go"), rows=2)
    safe_person = ask_words(_("Who helps, and how to reach them"), rows=2)
    code_word = ask_words(_("Code word"), help_text=_("Whoever hears it knows that something is wrong."), rows=1)
    what_to_do = ask_words(_("What to do if something happens"))
    ready = forms.MultipleChoiceField(
        label=_("What stands ready"), choices=list(STEPS.items()), required=False, widget=CheckboxList,
        error_messages={"invalid_choice": _("Choose from the list")},
    )  # fmt: skip
    review_on = ask_day(
        _("Review by"), _("Write the day on which the plan is reviewed"), validators=[must_not_have_passed]
    )

    def __init__(self, data: Any = None, *, plan: SafetyPlan | None = None, **options: Any) -> None:
        super().__init__(data, initial=asdict(plan) if plan else {}, **options)

    def build(self) -> SafetyPlan:
        """Return the plan that the form says."""
        said = self.cleaned_data
        return SafetyPlan(**said | {"risk": Risk(said["risk"]), "ready": tuple(map(Step, said["ready"]))})


class ContactForm(DeskForm):
    """A version of the safe-contact instructions. What is not marked is not allowed."""

    channels = forms.MultipleChoiceField(
        label=_("What may reach the person"), choices=list(CHANNELS.items()), required=False, widget=CheckboxList,
        help_text=_("What you do not mark does not leave the office. Mark nothing if nobody may reach them."),
        error_messages={"invalid_choice": _("Choose from the list")},
    )  # fmt: skip
    number = ask_words(_("Number or address that is safe"), rows=1)
    days = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=list(enumerate(DAYS)), coerce=int, required=False, widget=CheckboxList,
        help_text=_("For calls, messages and visits."), error_messages={"invalid_choice": _("Choose from the list")},
    )  # fmt: skip
    begins = forms.TimeField(
        label=_("From"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Write from what hour"), "invalid": _("Write the hour like 09:30")},
    )  # fmt: skip
    ends = forms.TimeField(
        label=_("Until"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Write until what hour"), "invalid": _("Write the hour like 09:30")},
    )  # fmt: skip
    neutral_only = forms.BooleanField(
        label=_("Only neutral words"), required=False,
        help_text=_("They name neither the office nor why it writes."),
    )  # fmt: skip
    say = ask_words(_("What to say"), rows=2)
    never = ask_words(_("What never to say"), rows=2)
    if_another_answers = ask_words(_("If somebody else answers"), rows=2)
    review_on = ask_day(
        _("Valid until"), _("Write until when they hold"), validators=[must_not_have_passed],
        help_text=_("After this day nothing goes out until somebody asks the person again."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, instructions: ContactInstructions | None = None, **options: Any) -> None:
        known: dict[str, Any] = asdict(instructions) if instructions else {"neutral_only": True, "days": range(7)}
        # Boxes are marked from lists alone.
        lists = {name: sorted(known.get(name, ())) for name in ("channels", "days")}
        super().__init__(data, initial=known | lists, **options)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        begins, ends = said.get("begins"), said.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("Write an hour after the one from which it holds"))
        if not TIMED.isdisjoint(said.get("channels", ())) and not said.get("days"):
            self.add_error("days", _("Choose at least one day, or unmark calls, messages and visits"))
        return said

    def build(self) -> ContactInstructions:
        """Return the instructions that the form says."""
        said = self.cleaned_data
        changes = {"channels": frozenset(map(Channel, said["channels"])), "days": frozenset(said["days"])}
        return ContactInstructions(**said | changes)


class NoteForm(DeskForm):
    """A note, or a correction of one: the compartment of a correction is that of the note."""

    compartment = ask_choice(
        _("Who may read it"), (), _("Choose where the note lies"), widget=RadioList,
        help_text=_("A follow-up opens the plan and the contact, a referral the health part as well."),
    )  # fmt: skip
    words = ask_words(_("Note"), required=_("Write the note"), rows=5)

    def __init__(self, data: Any = None, *, compartments: Iterable[Compartment], **options: Any) -> None:
        super().__init__(data, **options)
        offered = [(one, COMPARTMENTS[one]) for one in Compartment if one in set(compartments)]
        self.fields["compartment"].choices = offered  # type: ignore[attr-defined]


class CorrectionForm(DeskForm):
    """The new wording of a note."""

    words = ask_words(_("Note"), required=_("Write the note"), rows=5)


class FollowUpForm(DeskForm):
    """Something to be done by a day."""

    kind = forms.TypedChoiceField(
        label=_("What is to be done"), choices=list(FOLLOW_UP_KINDS.items()), coerce=FollowUpKind,
        widget=SegmentedRadio, error_messages={"required": _("Choose what is to be done")},
    )  # fmt: skip
    due_on = ask_day(_("By what day"), _("Write by what day"), validators=[must_not_have_passed])
    words = ask_words(_("In words"), rows=2)


class ResultForm(DeskForm):
    """What became of a follow-up."""

    result = forms.TypedChoiceField(
        label=_("What became of it"), choices=list(RESULTS.items()), coerce=FollowUpResult, widget=SegmentedRadio,
        error_messages={"required": _("Choose what became of it")},
    )  # fmt: skip
    words = ask_words(_("In words"), rows=3)
