"""Taking a request down, deciding on it, and how long things are kept."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.people.catalogue import consent_capacities, consent_means
from puente.rights.models import Deadline, FileCopy, RetentionRule, RightsRequest
from puente.web.forms import CheckboxList, DeskForm, RadioList

LONGEST_TEXT = 2_000
MOST_MONTHS = 600
MOST_DAYS = 250

HINTS: dict[str, str | Promise] = {
    RightsRequest.Kind.ACCESS: _("All that the office holds of the person, on paper or as a file."),
    RightsRequest.Kind.CORRECTION: _("Something that is written down is wrong or no longer so."),
    RightsRequest.Kind.OBJECTION: _("The office goes on serving the person, and stops using their data for something."),
    RightsRequest.Kind.ERASURE: _("The key of the file is destroyed. It cannot be undone."),
}


class RequestForm(DeskForm):
    """What a person, or who stands for them, asks for by right."""

    kind = forms.ChoiceField(
        label=_("What does the person ask for?"), choices=RightsRequest.Kind.choices, widget=RadioList(hints=HINTS),
        error_messages={"required": _("Choose what the person asks for")},
    )  # fmt: skip
    uses = forms.MultipleChoiceField(
        label=_("Uses that the person objects to"), required=False, widget=CheckboxList,
        help_text=_("For an objection. These are the uses that the person allowed."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("What exactly, in the person's words"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Write what the person asks for, in their words")},
    )  # fmt: skip
    capacity = forms.ChoiceField(label=_("Who asks?"), widget=RadioList, initial="self")
    representative = forms.CharField(
        label=_("Name of who asks for the person"), max_length=120, required=False,
        help_text=_("When somebody else asks, and what paper allows them to."),
    )  # fmt: skip
    identity_shown = forms.ChoiceField(
        label=_("How did they show who they are?"), choices=RightsRequest.Shown.choices, widget=RadioList,
        error_messages={"required": _("Choose how they showed who they are")},
    )  # fmt: skip
    means = forms.ChoiceField(
        label=_("How was it asked?"), widget=RadioList, error_messages={"required": _("Choose how it was asked")}
    )
    answer_to = forms.CharField(
        label=_("Where to answer"), max_length=200, required=False,
        help_text=_("A safe way to reach the person. Empty: they come to the office."),
    )  # fmt: skip
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The term runs from the next working day."),
        error_messages={
            "required": _("Write the day on which it was asked"), "invalid": _("Write a day, like 14/03/2027"),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, uses: list[tuple[str, str]], **kwargs: Any) -> None:
        """uses: (consent purpose, its label) of what the person allowed."""
        super().__init__(*args, **kwargs)
        self.fields["uses"].choices = uses  # type: ignore[attr-defined]
        self.fields["capacity"].choices = [  # type: ignore[attr-defined]
            (entry.code, entry.label) for entry in consent_capacities().values()
        ]
        self.fields["means"].choices = [  # type: ignore[attr-defined]
            (entry.code, entry.label) for entry in consent_means().values()
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("capacity") not in (None, "self") and not said.get("representative"):
            self.add_error("representative", _("Write who asks for the person"))
        if said.get("kind") != RightsRequest.Kind.OBJECTION:
            said["uses"] = []
        return said


class DecisionForm(DeskForm):
    """Accepting or refusing, always with the reason that the person is told."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("accept", _("Accept")), ("refuse", _("Refuse"))], widget=RadioList,
        error_messages={"required": _("Choose whether it is accepted or refused")},
    )  # fmt: skip
    ground = forms.ChoiceField(
        label=_("Ground of the refusal"), choices=[("", "—"), *RightsRequest.Ground.choices], required=False,
        help_text=_("Only for a refusal: one of the grounds that the law allows."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason, as the person is told it"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write the reason that the person is told")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("decision") == "refuse" and not said.get("ground"):
            self.add_error("ground", _("Choose the ground of the refusal"))
        if said.get("decision") == "accept":
            said["ground"] = ""
        return said


class ReasonForm(DeskForm):
    """A reason in words, for extending a term or noting that a request was taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write the reason")},
    )  # fmt: skip


class CopyForm(DeskForm):
    """In which form the copy is made."""

    file_format = forms.ChoiceField(
        label=_("Form of the copy"), choices=FileCopy.Format.choices, widget=RadioList, initial=FileCopy.Format.PDF
    )
    with_reserved = forms.BooleanField(
        label=_("With the reserved part"), required=False,
        help_text=_("Only what your service hands out of it, and only for people in your charge."),
    )  # fmt: skip

    def __init__(self, *args: Any, may_ask_for_reserved: bool, **kwargs: Any) -> None:
        """may_ask_for_reserved: of the reader's role, whoever the person is."""
        super().__init__(*args, **kwargs)
        if not may_ask_for_reserved:
            del self.fields["with_reserved"]


class RuleForm(DeskForm):
    """How long something is kept, and what happens then."""

    months = forms.IntegerField(
        label=_("Months"), min_value=1, max_value=MOST_MONTHS, required=False,
        help_text=_("Empty: nothing is due by itself."),
        error_messages={
            "invalid": _("Write a whole number of months, or leave it empty"),
            "min_value": _("Write at least one month, or leave it empty"),
            "max_value": _("Write at most 600 months, or leave it empty"),
        },
    )  # fmt: skip
    act = forms.ChoiceField(label=_("Then"), choices=RetentionRule.Act.choices, widget=RadioList)
    source = forms.CharField(
        label=_("Where the term comes from"), max_length=300, required=False,
        help_text=_("A law with its article, a decision of the office with its date."),
    )  # fmt: skip
    is_checked = forms.BooleanField(
        label=_("Checked: the office answers for this term"), required=False,
        help_text=_("Until then it is shown as a proposal."),
    )  # fmt: skip

    @classmethod
    def of(cls, rule: RetentionRule) -> "RuleForm":
        """Return the form as a rule stands."""
        return cls(
            initial={
                "months": rule.months, "act": rule.act, "source": rule.source, "is_checked": rule.is_checked,
            }
        )  # fmt: skip


class DeadlineForm(DeskForm):
    """A term of the law, in working days."""

    working_days = forms.IntegerField(
        label=_("Working days"), min_value=1, max_value=MOST_DAYS,
        error_messages={
            "required": _("Write a number of working days"),
            "invalid": _("Write a whole number of working days"),
            "min_value": _("Write at least one working day"),
            "max_value": _("Write at most 250 working days"),
        },
    )  # fmt: skip
    source = forms.CharField(label=_("Where the term comes from"), max_length=300, required=False)
    is_checked = forms.BooleanField(
        label=_("Checked: the office answers for this term"), required=False,
        help_text=_("Until then it is shown as a proposal."),
    )  # fmt: skip

    @classmethod
    def of(cls, deadline: Deadline) -> "DeadlineForm":
        """Return the form as a term stands."""
        return cls(
            initial={
                "working_days": deadline.working_days, "source": deadline.source, "is_checked": deadline.is_checked,
            }
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("is_checked") and not said.get("source"):
            self.add_error("source", _("Write where the term comes from before you mark it as checked"))
        return said


class HolidayForm(DeskForm):
    """A day on which no term runs."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Write the day"), "invalid": _("Write a day, like 14/03/2027")},
    )  # fmt: skip
    label = forms.CharField(
        label=_("What it is called"), max_length=100, error_messages={"required": _("Write what the day is called")}
    )
