"""The fields that the forms of a case are made of; each carries the words that say what to do."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: Words or lazy words, for which Django and its stubs have different types.
Words = Any
LONGEST = 4000


def ask_words(label: Words, *, help_text: Words = "", required: Words | None = None, rows: int = 3) -> forms.CharField:
    """Return a field of free words; `required` says what to do where it is empty, None where it may be."""
    messages: dict[str, Words] = {"max_length": _("Shorten the text to %(limit_value)s characters")}
    if required is not None:
        messages["required"] = required
    widget = forms.Textarea({"rows": rows}) if rows > 1 else forms.TextInput({"autocomplete": "off"})
    return forms.CharField(
        label=label, help_text=help_text, required=required is not None, max_length=LONGEST if rows > 1 else 200,
        widget=widget, error_messages=messages,
    )  # fmt: skip


def ask_choice(
    label: Words, choices: Iterable[tuple[str, Words]], required: Words, **options: Any
) -> forms.ChoiceField:
    """Return a field with one of some choices."""
    messages = {"required": required, "invalid_choice": required}
    return forms.ChoiceField(label=label, choices=list(choices), error_messages=messages, **options)


def ask_moment(label: Words, required: Words) -> forms.DateTimeField:
    """Return a field of a day with its hour."""
    return forms.DateTimeField(
        label=label, widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": required, "invalid": required},
    )  # fmt: skip


def ask_day(label: Words, required: Words, **options: Any) -> forms.DateField:
    """Return a field of a day."""
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": required, "invalid": required}, **options,
    )  # fmt: skip


def must_not_have_passed(day: date) -> None:
    """Refuse a day before today; a validator."""
    if day < timezone.localdate():
        raise ValidationError(_("That day has passed. Choose today or a later one"))
