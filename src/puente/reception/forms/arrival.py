"""The event, what was given, what was allowed and what is urgent: one form, in the order in which people speak."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from puente.offices.models import Office
from puente.offices.selectors import list_points
from puente.people import catalogue as people_lists
from puente.people.models import ConsentDecision, ConsentText
from puente.platform.policy import Actor
from puente.reception import catalogue
from puente.reception.forms import choices
from puente.reception.models import ArrivalVersion
from puente.reception.selectors.arrivals import get_arrival_of_turn
from puente.reception.services.arrivals import TRAVELS_WITH_NOBODY
from puente.reception.services.facts import ArrivalFacts
from puente.reception.services.rules import (
    CHOOSE_ACCOMPANIMENT,
    CHOOSE_AUTHORITY,
    CHOOSE_MEANS,
    CHOOSE_POINT,
)
from puente.web.forms import CheckboxList, DeskForm, RadioList, SegmentedRadio

RELATIONS = (
    ("", ""),
    ("child", _("Son or daughter")),
    ("partner", _("Wife, husband or partner")),
    ("parent", _("Mother or father")),
    ("sibling", _("Sister or brother")),
    ("relative", _("Another relative")),
    ("other", _("Not a relative")),
)
SERVICES = (
    ("", ""),
    ("medical", _("Medical care")),
    ("psychological", _("Psychological care")),
    ("legal", _("Legal advice")),
    ("protection", _("Protection")),
)
REASONS = (
    (ArrivalVersion.Reason.TYPED_WRONG, _("It was written wrong")),
    (ArrivalVersion.Reason.SAID_OTHERWISE, _("The person says otherwise")),
    (ArrivalVersion.Reason.PAPER_SHOWN, _("A paper shows otherwise")),
    (ArrivalVersion.Reason.LIST_CORRECTED, _("The authority corrected its list")),
)


class RadioColumns(RadioList):
    """One of several longer answers, side by side where there is room."""

    columns = True


GIVEN, REFUSED = ConsentDecision.Decision.GIVEN, ConsentDecision.Decision.REFUSED


class EventForm(DeskForm):
    """Where, when and how a person arrived."""

    point = forms.ChoiceField(label=_("Point"), error_messages={"required": CHOOSE_POINT})
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Write the day of the arrival"), "invalid": _("Write the day of the arrival")},
    )  # fmt: skip
    hour = forms.TimeField(
        label=_("Hour"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Write the hour, like 10:25"), "invalid": _("Write the hour, like 10:25")},
    )  # fmt: skip
    handed_over_by = forms.ChoiceField(label=_("Handed over by"), error_messages={"required": CHOOSE_AUTHORITY})
    last_us_state = forms.ChoiceField(label=_("Last state in the US"), required=False)
    time_in_us = forms.ChoiceField(label=_("Time in the US"), required=False)
    accompaniment = forms.ChoiceField(
        label=_("Arrives"), widget=RadioColumns, error_messages={"required": CHOOSE_ACCOMPANIMENT}
    )

    def __init__(self, *args: Any, office: Office, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office, self.now, self.zone = office, now, ZoneInfo(office.time_zone)
        today = timezone.localdate(now, self.zone)
        points = [*choices.NOTHING, *((point.pk, point.label) for point in list_points(office.pk, today))]
        for name, offered in (
            ("point", points),
            ("handed_over_by", choices.of_list(catalogue.authorities())),
            ("last_us_state", choices.of_list(catalogue.us_states())),
            ("time_in_us", choices.of_list(catalogue.times_in_us())),
            ("accompaniment", choices.of_list(catalogue.accompaniments(), with_empty=False)),
        ):
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    @property
    def arrived_at(self) -> datetime:
        """The moment, in the office's own time."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], self.zone)


class CorrectionForm(EventForm):
    """A correction of an arrival and its reason."""

    reason = forms.ChoiceField(
        label=_("Why is it corrected?"), choices=REASONS, widget=RadioList,
        error_messages={"required": _("Choose why it is corrected")},
    )  # fmt: skip

    def build_facts(self, mode: str) -> ArrivalFacts:
        """Return the corrected facts; the mode stays that of the point."""
        said = self.cleaned_data
        return ArrivalFacts(
            said["point"], self.arrived_at, said["handed_over_by"], said["last_us_state"], said["time_in_us"], mode,
            said["accompaniment"],
        )  # fmt: skip


class ArrivalForm(EventForm):
    """Everything that is registered in one step."""

    listed = forms.ChoiceField(label=_("On a list"), required=False, widget=RadioList)
    services = forms.MultipleChoiceField(label=_("Received here"), required=False)
    immediate_need = forms.CharField(
        label=_("«Is there anything you need right now?»"), required=False, max_length=2000
    )
    in_danger = forms.ChoiceField(
        label=_("«Do you feel in danger, or does somebody wait for you outside?»"), required=False,
        widget=SegmentedRadio,
    )  # fmt: skip
    hand_over = forms.ChoiceField(label=_("Continues with another service"), choices=SERVICES, required=False)
    hand_over_note = forms.CharField(label=_("What that service must know"), required=False, max_length=2000)
    travels_with = forms.CharField(
        label=_("Travels with the turn"), required=False, max_length=8,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "A-040"}),
    )  # fmt: skip
    relation = forms.ChoiceField(label=_("Is to that person"), choices=RELATIONS, required=False)
    means = forms.ChoiceField(label=_("How they said it"), required=False, widget=RadioList)
    witness = forms.CharField(label=_("Who heard it"), required=False, max_length=120)
    capacity = forms.ChoiceField(label=_("Who decides"), required=False)
    has_interpreter = forms.BooleanField(label=_("With an interpreter"), required=False)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        lists: list[tuple[str, str]],
        consent_texts: list[ConsentText],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.consent_texts = actor, consent_texts
        marks = {
            code: ("scale", _("the law asks for it"))
            for code, entry in catalogue.services().items()
            if entry.says("required_by_law")
        }
        offered = choices.of_list(catalogue.services(), with_empty=False)
        self.fields["services"].widget = CheckboxList(choices=offered, marks=marks)
        self.fields["services"].choices = offered  # type: ignore[attr-defined]
        self.fields["listed"].choices = [*lists, ("", _("On no list"))]  # type: ignore[attr-defined]
        self.fields["means"].choices = choices.of_list(people_lists.consent_means(), with_empty=False)  # type: ignore[attr-defined]
        self.fields["capacity"].choices = choices.of_list(people_lists.consent_capacities(), with_empty=False)  # type: ignore[attr-defined]
        self.fields["in_danger"].choices = choices.yes_no_unsaid()  # type: ignore[attr-defined]
        for text in consent_texts:
            self.fields[f"consent_{text.purpose}"] = forms.ChoiceField(
                label=text.label, help_text=text.text, required=False, widget=SegmentedRadio,
                choices=[(GIVEN, _("Yes")), (REFUSED, _("No"))],
            )  # fmt: skip

    @property
    def consents(self) -> list[Any]:
        """The fields of the consents."""
        return [self[f"consent_{text.purpose}"] for text in self.consent_texts]

    @property
    def decisions(self) -> dict[str, str]:
        """What was decided, by purpose; a purpose that nobody asked for is left out."""
        decided = {text.purpose: self.cleaned_data.get(f"consent_{text.purpose}") for text in self.consent_texts}
        return {purpose: decision for purpose, decision in decided.items() if decision}

    def clean(self) -> dict[str, Any]:
        """Find the companion's arrival; a decision needs its means, a companion a relation."""
        cleaned = super().clean() or {}
        if self.decisions and not cleaned.get("means"):
            self.add_error("means", CHOOSE_MEANS)
        if turn := cleaned.get("travels_with"):
            self._find_companion(cleaned, turn)
        return cleaned

    def to_payload(self, *, office: Office, arrival_id: UUID, language: str) -> dict[str, Any]:
        """Return the payload but for the person."""
        said = self.cleaned_data
        kind, _colon, listed_id = said["listed"].partition(":")
        return {
            "office_id": str(office.pk),
            "arrival": {
                "id": str(arrival_id),
                "arrived_at": self.arrived_at.isoformat(),
                "line_id": listed_id if kind == "line" else None,
                "manifest_id": listed_id if kind == "manifest" else None,
                **{
                    name: said[name]
                    for name in ("point", "handed_over_by", "last_us_state", "time_in_us", "accompaniment")
                },
            },
            "services": said["services"],
            "consents": {
                "decisions": self.decisions,
                "language": language,
                "means": said["means"],
                "capacity": said["capacity"] or ConsentDecision.Capacity.SELF,
                "has_interpreter": said["has_interpreter"],
                "witness": said["witness"] or self._default_witness(),
            },
            "immediate_need": said["immediate_need"],
            "in_danger": said["in_danger"],
            "hand_over": {"service": said["hand_over"], "note": said["hand_over_note"]} if said["hand_over"] else None,
            "travels_with": said.get("companion"),
        }

    def _default_witness(self) -> str:
        """A consent by word of mouth was heard by the officer, unless somebody else is named."""
        entry = people_lists.consent_means().get(self.cleaned_data["means"])
        return self.actor.name if self.decisions and entry and entry.says("needs_witness") else ""

    def _find_companion(self, cleaned: dict[str, Any], turn: str) -> None:
        companion = get_arrival_of_turn(self.actor, self.office.pk, timezone.localdate(self.now, self.zone), turn)
        if companion is None:
            self.add_error("travels_with", TRAVELS_WITH_NOBODY)
        elif not cleaned.get("relation"):
            self.add_error("relation", _("Choose what the person is to whom they travel with"))
        else:
            cleaned["companion"] = {"arrival_id": str(companion.pk), "relation": cleaned["relation"]}
