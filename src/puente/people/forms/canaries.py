from collections.abc import Iterable, Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from puente.people.services.canaries import MOST_AT_ONCE
from puente.web.forms import DeskForm


class PlantForm(DeskForm):
    """How many people to invent, and for which office."""

    office = forms.ChoiceField(label=_("Office"), error_messages={"required": _("Choose the office")})
    number = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=MOST_AT_ONCE,
        initial=3,
        error_messages={
            "required": _("Write how many"),
            "invalid": _("Write a number from 1 to 20"),
            "min_value": _("Write a number from 1 to 20"),
            "max_value": _("Write a number from 1 to 20"),
        },
    )

    def __init__(self, offices: Iterable[tuple[UUID, str]], data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.fields["office"].choices = [(str(pk), name) for pk, name in offices]  # type: ignore[attr-defined]
