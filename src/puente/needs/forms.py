"""The pages of an assessment as forms built from its definition, and the forms about one need."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from puente.accounts.models import User
from puente.engines.instruments import (
    DECLINED,
    PASSED,
    Flaw,
    InvalidReply,
    Question,
    Reply,
    State,
    Step,
    check_reply,
    holds,
    keep_relevant,
    read_reply,
)
from puente.instruments.services import OpenedResponse
from puente.needs.models import Need, NeedKind, Urgency
from puente.needs.services import MOVED_MEANWHILE, MOVES, Plan, is_reserved
from puente.needs.wording import describe_move
from puente.offices.models import ServiceKind
from puente.web.forms import CheckboxTiles, DeskForm, RadioTiles, SegmentedRadio

FLAWS = {
    Flaw.REQUIRED: gettext_lazy("Answer this question, or choose “Prefers not to answer”"),
    Flaw.UNKNOWN_CHOICE: gettext_lazy("Choose one of the answers in the list"),
    Flaw.EXCLUSIVE: gettext_lazy("Choose “%(choice)s” alone, or leave it out"),
    Flaw.TOO_LONG: gettext_lazy("Shorten the text to %(limit)s characters"),
    Flaw.NOT_A_NUMBER: gettext_lazy("Write a whole number, such as 3"),
    Flaw.TOO_SMALL: gettext_lazy("Write a number of %(limit)s or more"),
    Flaw.TOO_LARGE: gettext_lazy("Write a number of %(limit)s or less"),
    Flaw.NOT_A_DATE: gettext_lazy("Write the whole date: day, month and year with four figures"),
}


class ExclusiveTiles(CheckboxTiles):
    """Tiles of which some stand alone ("none of these"): the page clears the others when one is chosen."""

    def __init__(self, exclusive: frozenset[str], **options: Any) -> None:
        super().__init__(**options)
        self.exclusive = exclusive

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.exclusive:
            option["attrs"]["data-exclusive"] = True
        return option


def build_field(question: Question) -> forms.Field:
    """Return the form field of a question; the engine alone says what may be answered."""
    language = get_language() or "es"
    choices = [(choice.name, choice.label.say(language)) for choice in question.choices]
    widgets: dict[str, forms.Widget] = {
        "select_one": RadioTiles(choices=choices),
        "select_multiple": ExclusiveTiles(
            frozenset(choice.name for choice in question.choices if choice.is_exclusive), choices=choices
        ),
        "text": forms.Textarea({"rows": 2}),
        "integer": forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        "date": forms.DateInput({"type": "date"}),
    }
    return forms.Field(
        label=question.label.say(language),
        help_text=question.hint.say(language) if question.hint else "",
        widget=widgets[question.type],
        required=False,
    )


def describe_flaw(question: Question, problem: InvalidReply) -> str:
    """Say what is wrong with a reply and what to do."""
    choice = question.find_choice(problem.choice) if problem.choice else None
    words = choice.label.say(get_language() or "es") if choice else ""
    return str(FLAWS[problem.flaw]) % {"limit": problem.limit, "choice": words}


class StepForm(DeskForm):
    """The questions of one step. Which of them matter follows from what is said, also in this very form."""

    def __init__(
        self,
        opened: OpenedResponse,
        step: Step,
        data: Any = None,
        *,
        settled: frozenset[str] = frozenset(),
        declined: str = "",
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """settled: questions that are closed even when nothing is said. declined: one the person declines."""
        super().__init__(data, auto_id="answer_%s", initial=self._find_initial(opened, step) | dict(initial or {}))
        self.opened, self.step, self.settled, self.declined = opened, step, settled, declined
        for question in step.questions:
            self.fields[question.name] = build_field(question)

    @staticmethod
    def _find_initial(opened: OpenedResponse, step: Step) -> dict[str, Any]:
        # A reserved answer is not shown again, not even to who wrote it.
        return {
            question.name: list(reply.value) if isinstance(reply.value, tuple) else reply.value
            for question in step.questions
            if (reply := opened.replies.get(question.name)) and not is_reserved(question)
        }

    def clean(self) -> dict[str, Any]:
        """Read the replies in the order of the form, skipping what does not matter."""
        said = self.cleaned_data
        before = self.opened.replies
        kept = keep_relevant(self.opened.definition, before)
        replies: dict[str, Reply] = {}
        for question in self.step.questions:
            if not holds(question.relevant, kept):
                kept.pop(question.name, None)
                continue
            try:
                reply = self._read(question, said.get(question.name), before.get(question.name))
            except InvalidReply as problem:
                self.add_error(question.name, describe_flaw(question, problem))
                continue
            if reply is not None:
                kept[question.name] = replies[question.name] = reply
        self.replies = replies
        return said

    def _read(self, question: Question, said: Any, before: Reply | None) -> Reply | None:
        """Return what the form says to a question, None where it says nothing new."""
        if question.name == self.declined:
            return DECLINED
        reply = read_reply(question, said)
        if reply.state is State.ANSWERED or question.name not in self.settled:
            return reply if reply.state is State.ANSWERED else None
        if before is not None and (before.state is not State.ANSWERED or is_reserved(question)):
            return None
        check_reply(question, PASSED)
        return PASSED


class CorrectionForm(DeskForm):
    """One answer of a finished assessment, and why it changes."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it corrected?"),
        help_text=gettext_lazy("Stays in the history, beside the earlier answer."),
        widget=forms.TextInput,
        max_length=300,
        error_messages={
            "required": gettext_lazy("Write why, in a few words"),
            "max_length": gettext_lazy("Shorten the text to 300 characters"),
        },
    )
    declines = forms.BooleanField(label=gettext_lazy("Prefers not to answer"), required=False)
    field_order = ["answer", "declines", "reason"]

    def __init__(self, question: Question, reply: Reply | None, data: Any = None) -> None:
        initial: dict[str, Any] = {}
        if reply is not None and not is_reserved(question):
            initial["answer"] = list(reply.value) if isinstance(reply.value, tuple) else reply.value
            initial["declines"] = reply.state is State.DECLINED
        super().__init__(data, initial=initial)
        self.question = question
        self.fields["answer"] = build_field(question)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        try:
            said["reply"] = DECLINED if said.get("declines") else read_reply(self.question, said.get("answer"))
            check_reply(self.question, said["reply"])
        except InvalidReply as problem:
            self.add_error("answer", describe_flaw(self.question, problem))
        return said


class AddNeedForm(DeskForm):
    """A need that no assessment found."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What does the person need?"),
        error_messages={
            "required": gettext_lazy("Choose what the person needs from the list"),
            "invalid_choice": gettext_lazy("Choose what the person needs from the list"),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("In the person's words"),
        help_text=gettext_lazy("Only who may open the file reads it."),
        widget=forms.Textarea({"rows": 3}),
        required=False,
    )

    def __init__(self, kinds: list[NeedKind], data: Any = None) -> None:
        super().__init__(data)
        groups: dict[str, list[tuple[str, str]]] = {}
        for kind in kinds:
            groups.setdefault(kind.group.label, []).append((kind.code, kind.label))
        choices = [("", _("Choose")), *((group, sorted(found, key=_by_label)) for group, found in groups.items())]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class PlanForm(DeskForm):
    """Who acts on a need, by when, and how urgent it is."""

    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        choices=Urgency.choices,
        widget=SegmentedRadio,
        error_messages={
            "required": gettext_lazy("Choose how urgent it is"),
            "invalid_choice": gettext_lazy("Choose how urgent it is"),
        },
    )
    service = forms.ChoiceField(
        label=gettext_lazy("Service that acts"),
        error_messages={"invalid_choice": gettext_lazy("Choose the service that acts from the list")},
    )
    responsible_id = forms.TypedChoiceField(
        label=gettext_lazy("Who follows it here"),
        required=False,
        empty_value=None,
        error_messages={
            "invalid_choice": gettext_lazy("Choose somebody who works on needs in this office, or leave it empty")
        },
    )
    due_on = forms.DateField(
        label=gettext_lazy("By when"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Write the day by which somebody must act"),
            "invalid": gettext_lazy("Write the whole date: day, month and year with four figures"),
        },
    )

    def __init__(self, need: Need, services: list[ServiceKind], staff: list[User], data: Any = None) -> None:
        initial = {
            "urgency": need.urgency,
            "service": need.service_id,
            "responsible_id": need.responsible_id,
            "due_on": need.due_on,
        }
        super().__init__(data, initial=initial, auto_id="plan_%s")
        people = {user.pk: user.name for user in staff}
        if need.responsible is not None:
            people.setdefault(need.responsible.pk, need.responsible.name)
        self.fields["service"].choices = sorted(  # type: ignore[attr-defined]
            ((service.code, service.label) for service in services), key=_by_label
        )
        self.fields["responsible_id"].choices = [  # type: ignore[attr-defined]
            ("", _("Nobody yet")), *((str(key), name) for key, name in people.items())
        ]  # fmt: skip
        by_text = {str(key): key for key in people}
        self.fields["responsible_id"].coerce = by_text.__getitem__  # type: ignore[attr-defined]

    def build(self) -> Plan:
        """Return the plan of a valid form."""
        said = self.cleaned_data
        return Plan(said["urgency"], said["service"], said["due_on"], said["responsible_id"])


class MoveForm(DeskForm):
    """What became of a need."""

    status = forms.ChoiceField(
        label=gettext_lazy("What became of it?"),
        widget=SegmentedRadio,
        error_messages={
            "required": gettext_lazy("Choose what became of the need"),
            "invalid_choice": MOVED_MEANWHILE,
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Needed when it is withdrawn or opened again. Do not name third persons."),
        widget=forms.Textarea({"rows": 2}),
        required=False,
    )

    def __init__(self, need: Need, data: Any = None) -> None:
        super().__init__(data, auto_id="move_%s")
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            (status.value, describe_move(need.status, status)) for status in MOVES[need.status]
        ]


def _by_label(choice: tuple[str, str]) -> str:
    return choice[1].casefold()
