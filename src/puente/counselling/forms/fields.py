"""Fields that counselling needs beside the common ones: a place by name, a list where "none" is an answer, money."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import TextInput
from django.utils.translation import gettext_lazy as _

from puente.counselling.places import name_places, read_place
from puente.web.forms import CheckboxList

NONE = "none"


class PlaceWidget(TextInput):
    """A text with, where several places bear the name, a list of them to choose from."""

    template_name = "counselling/widgets/place.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false"} | (attrs or {}))
        self.candidates: dict[str, str] = {}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, str]:
        return (data.get(name, "").strip(), data.get(f"{name}_which", ""))

    def format_value(self, value: Any) -> str:
        return value[0] if isinstance(value, tuple) else (value or "")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return context | {"candidates": self.candidates.items(), "which": value[1] if isinstance(value, tuple) else ""}


class PlaceField(forms.Field):
    """A state or municipality by its name; cleans to its code, "" where nothing was written."""

    widget = PlaceWidget

    def __init__(self, *, states: bool, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.states = states
        self.known: tuple[str, str] = ("", "")

    def know(self, code: str) -> str:
        """Set the place that stands in the field; returns the text to show."""
        self.known = (name_places([code]).get(code, ""), code)
        return self.known[0]

    def clean(self, value: tuple[str, str]) -> str:
        text, which = value
        if not text:
            return ""
        if text == self.known[0]:
            return self.known[1]
        found = read_place(text, states=self.states)
        if found.code:
            return found.code
        if which in found.candidates:
            return which
        self.widget.candidates = name_places(found.candidates)
        if found.candidates:
            raise ValidationError(_("Several places are called so. Choose which one."))
        raise ValidationError(
            _("No place of this name is known. Write the municipality and the state: Zitácuaro, Mich.")
        )


class AskedListField(forms.MultipleChoiceField):
    """Some of a list, or none of it. Nothing ticked means that it was not asked: cleans to None."""

    widget = CheckboxList

    def __init__(self, *, choices: Any, none_label: Any, **options: Any) -> None:
        super().__init__(choices=[*choices, (NONE, none_label)], required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return list(value) or [NONE]
        return value

    def clean(self, value: Any) -> tuple[str, ...] | None:
        codes = super().clean(value)
        if NONE in codes and len(codes) > 1:
            raise ValidationError(_("“None” and others are marked. Leave one of the two."))
        if not codes:
            return None
        return tuple(code for code in codes if code != NONE)


def build_money_field(label: Any, **options: Any) -> forms.IntegerField:
    """Return a field for whole pesos a month."""
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), localize=True,
        error_messages={
            "invalid": _("Write the pesos a month in digits, such as 11,200."),
            "min_value": _("Write an amount above zero."),
            "max_value": _("This is more than a million pesos a month. Check it."),
        }, **options,
    )  # fmt: skip
