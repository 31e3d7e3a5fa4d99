"""The forms of a referral: to whom, what is told, and what became of it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from puente.offices.models import Service
from puente.protection.referral_words import MOVES, PROOFS, WAYS
from puente.protection.referrals import (
    MOST_LETTERS,
    FieldKind,
    FieldRule,
    Proof,
    ReferralSchema,
    State,
    Way,
    schema_for,
)
from puente.web.forms import DeskForm, RadioList


class ChooseServiceForm(DeskForm):
    """A service of the directory; those that may be told the same stand together, the nearest first."""

    service = forms.ChoiceField(
        label=_("Service"),
        error_messages={"required": _("Choose the service"), "invalid_choice": _("Choose the service")},
    )

    def __init__(self, services: Iterable[Service], home_state: str, data: Any = None) -> None:
        super().__init__(data)
        groups: dict[str, list[tuple[str, str]]] = {}
        nearest = sorted(services, key=lambda one: (one.municipality.state_id != home_state, one.label))
        for service in nearest:
            schema = schema_for([kind.pk for kind in service.kinds.all()])
            groups.setdefault(str(schema.label), []).append((service.pk, f"{service.label} · {service.municipality}"))
        self.fields["service"].choices = [("", ""), *groups.items()]  # type: ignore[attr-defined]


class ReferralForm(DeskForm):
    """What a service is told: what its schema demands goes, the rest where the officer says so."""

    way = forms.ChoiceField(
        label=_("How does it get there?"), choices=[(way, words) for way, (words, _hint) in WAYS.items()],
        error_messages={"required": _("Choose how it gets to the service")},
        widget=RadioList(hints={way: hint for way, (_words, hint) in WAYS.items()}),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("The service may use it until"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Write until when"), "invalid": _("Write a day, such as 31/3/2026")},
    )

    def __init__(self, schema: ReferralSchema, given: Mapping[str, str], today: date, data: Any = None) -> None:
        self.schema, self.given, self.today = schema, given, today
        self.latest = today + timedelta(days=schema.validity_days)
        super().__init__(data, initial={"expires_on": self.latest, "way": Way.BY_HAND})
        for rule in schema.fields:
            field = self._make_field(rule, is_required=rule in schema.required)
            if field is not None:
                self.fields[f"told_{rule.code}"] = field

    def _make_field(self, rule: FieldRule, *, is_required: bool) -> forms.Field | None:
        if rule.kind is FieldKind.GIVEN:
            value = self.given[rule.code]
            # What the file gives and the service demands is told as it is: there is nothing to write.
            return (
                None if is_required or not value else forms.BooleanField(label=f"{rule.label}: {value}", required=False)
            )
        is_long = rule.kind is FieldKind.TEXT
        return forms.CharField(
            label=str(rule.label), required=is_required, max_length=MOST_LETTERS[rule.kind],
            widget=forms.Textarea({"rows": 3}) if is_long else forms.TextInput({"autocomplete": "off"}),
            error_messages={"required": _("Write this: the service needs it"),
                            "max_length": _("Shorten it to %(limit_value)s letters")},
        )  # fmt: skip

    @property
    def missing(self) -> list[FieldRule]:
        """What the service must be told and the person's file does not say."""
        given = [rule for rule in self.schema.required if rule.kind is FieldKind.GIVEN]
        return [rule for rule in given if not self.given[rule.code]]

    @property
    def always(self) -> list[tuple[FieldRule, str]]:
        """What the file gives and the service is always told."""
        return [(rule, self.given[rule.code]) for rule in self.schema.required if rule.kind is FieldKind.GIVEN]

    @property
    def written(self) -> list[tuple[forms.BoundField, bool]]:
        """The fields to write, each with whether it may stay empty."""
        rules = [rule for rule in self.schema.fields if rule.kind is not FieldKind.GIVEN]
        return [(self[f"told_{rule.code}"], rule not in self.schema.required) for rule in rules]

    @property
    def offered(self) -> list[forms.BoundField]:
        """What the file gives and the officer may tell."""
        rules = [rule for rule in self.schema.allowed if rule.kind is FieldKind.GIVEN and self.given[rule.code]]
        return [self[f"told_{rule.code}"] for rule in rules]

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if not self.today <= day <= self.latest:
            raise forms.ValidationError(
                _("Write a day from today to %(day)s") % {"day": date_format(self.latest, "SHORT_DATE_FORMAT")}
            )
        return day

    def build(self) -> dict[str, str]:
        """Return field → exactly what is told, in the order of the schema."""
        told = {}
        for rule in self.schema.fields:
            said = self.cleaned_data.get(f"told_{rule.code}", "")
            if rule.kind is not FieldKind.GIVEN:
                value = str(said).strip()
            else:
                value = self.given[rule.code] if said or rule in self.schema.required else ""
            if value:
                told[rule.code] = value
        return told


class MoveForm(DeskForm):
    """What became of a referral, and who said so."""

    state = forms.ChoiceField(
        label=_("What happened?"), error_messages={"required": _("Choose what happened"),
                                                   "invalid_choice": _("This cannot follow any more: choose again")},
    )  # fmt: skip
    on = forms.DateField(
        label=_("On"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Write the day"), "invalid": _("Write the day, such as 31/3/2026")},
    )  # fmt: skip
    proof = forms.ChoiceField(
        label=_("Who says so?"), choices=list(PROOFS.items()), widget=RadioList,
        error_messages={"required": _("Choose who says so")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("In words"), required=False, max_length=600, widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": _("Shorten it to 600 letters")},
    )  # fmt: skip

    def __init__(self, following: Iterable[State], sent_on: date, today: date, data: Any = None) -> None:
        super().__init__(data, initial={"on": today})
        self.sent_on, self.today = sent_on, today
        field = self.fields["state"]
        field.widget = RadioList(hints={state: MOVES[state][1] for state in following})
        field.choices = [(state, MOVES[state][0]) for state in following]  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if not self.sent_on <= day <= self.today:
            raise forms.ValidationError(
                _("Write a day from %(day)s to today") % {"day": date_format(self.sent_on, "SHORT_DATE_FORMAT")}
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") in (State.REFUSED, State.REVOKED) and not cleaned.get("words"):
            self.add_error("words", _("Write why"))
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """Return what was said, as the service takes it."""
        said = self.cleaned_data
        return said | {"state": State(said["state"]), "proof": Proof(said["proof"])}
