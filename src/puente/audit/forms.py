from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puente.audit.directory import directory, reference_of
from puente.audit.models import AlertReview
from puente.audit.policies import VIEW_EVENTS
from puente.audit.selectors import EventFilter, find_person_id
from puente.audit.verbs import list_verbs, sentence_of
from puente.platform.policy import Actor
from puente.web.forms import DeskForm


class EventFilterForm(DeskForm):
    """Which events are asked for."""

    verb = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    staff = forms.ChoiceField(label=gettext_lazy("Member of staff"), required=False)
    person = forms.CharField(
        label=gettext_lazy("Reference of the person"),
        max_length=36,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "K7F2-Q9ME"}),
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day as 2026-11-23")},
    )

    def __init__(self, actor: Actor, asked: Mapping[str, str]) -> None:
        """asked: what the address says; `person` may be an id there, which is shown as its reference."""
        self._person_id = read_id(asked.get("person", ""))
        shown = {name: asked.get(name, "") for name in self.base_fields}
        if self._person_id:
            shown["person"] = reference_of(self._person_id)
        super().__init__(shown)
        self._actor = actor
        everything = [("", _("Everything"))]
        told = sorted(((verb, sentence_of(verb)) for verb in list_verbs(actor.clearance)), key=lambda pair: pair[1])
        self.fields["verb"].choices = everything + told  # type: ignore[attr-defined]
        staff = directory().list_staff(actor.offices_for(VIEW_EVENTS))
        named = [(str(user_id), name) for user_id, name in staff]
        self.fields["staff"].choices = [("", _("Everybody")), *named]  # type: ignore[attr-defined]

    def clean_person(self) -> UUID | None:
        said = str(self.cleaned_data["person"]).strip()
        if not said or self._person_id:
            return self._person_id
        found = find_person_id(self._actor, said)
        if found is None:
            raise forms.ValidationError(_("No event is about this reference. Compare its eight letters and digits."))
        return found

    def read(self) -> EventFilter:
        """Return what was asked for; call it on a valid form."""
        said = self.cleaned_data
        return EventFilter(
            verb=said["verb"],
            actor_id=UUID(said["staff"]) if said["staff"] else None,
            person_id=said["person"],
            day=said["day"],
        )


def read_id(text: str) -> UUID | None:
    """Return an id that stands in an address, None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


class ReviewForm(DeskForm):
    """What an alert was."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What it was"),
        choices=[("", gettext_lazy("Choose")), *AlertReview.Outcome.choices],
        error_messages={"required": gettext_lazy("Choose what it was")},
    )
