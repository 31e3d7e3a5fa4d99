"""A date of which perhaps only the year or the month is known, and its form field."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

EARLIEST_YEAR = 1900


@dataclass(frozen=True)
class PrecisionDate:
    """A date known to the day, the month or the year; `is_estimated` when the year was guessed from the age."""

    year: int
    month: int | None = None
    day: int | None = None
    is_estimated: bool = False

    @property
    def precision(self) -> str:
        """Return day, month, year or estimated."""
        if self.is_estimated:
            return "estimated"
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"

    @property
    def earliest(self) -> date:
        """The first day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        if self.is_estimated:
            return _("about %(year)s") % {"year": self.year}
        if self.month is None:
            return _("%(year)s (no day)") % {"year": self.year}
        if self.day is None:
            return _("%(month)s (no day)") % {"month": formats.date_format(self.earliest, "YEAR_MONTH_FORMAT")}
        return str(formats.date_format(self.earliest, "SHORT_DATE_FORMAT"))


class PrecisionDateWidget(forms.MultiWidget):
    """Day, month, year and "estimated" side by side; only the year must be filled."""

    template_name = "web/widgets/precision_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        months = [("", "—"), *((str(number), name) for number, name in MONTHS.items())]
        super().__init__(
            {
                "day": forms.TextInput({"inputmode": "numeric", "maxlength": 2, "autocomplete": "off"}),
                "month": forms.Select(choices=months),
                "year": forms.TextInput({"inputmode": "numeric", "maxlength": 4, "autocomplete": "off"}),
                "estimated": forms.CheckboxInput(),
            },
            attrs,
        )

    def decompress(self, value: PrecisionDate | None) -> list[Any]:
        if value is None:
            return [None, None, None, False]
        return [value.day, value.month, value.year, value.is_estimated]

    def id_for_label(self, id_: str) -> str:
        """The link of the error summary goes to the year, the one part that must be filled."""
        return f"{id_}_2" if id_ else id_


class PrecisionDateField(forms.MultiValueField):
    """A past date with its precision. Cleans to a PrecisionDate, or None when empty and not required."""

    widget = PrecisionDateWidget
    default_error_messages = {
        "required": gettext_lazy("Write at least the year"),
        "year": gettext_lazy("Write the year with four figures, like 1992"),
        "month": gettext_lazy("Choose the month as well, or leave the day empty"),
        "day": gettext_lazy("That month has no such day. Correct the day or leave it empty"),
        "future": gettext_lazy("That date has not come yet. Correct the year"),
    }

    def __init__(self, **options: Any) -> None:
        fields = (
            forms.CharField(required=False),
            forms.CharField(required=False),
            forms.CharField(required=False),
            forms.BooleanField(required=False),
        )
        super().__init__(fields, require_all_fields=False, **options)

    def clean(self, value: Any) -> PrecisionDate | None:
        """Return the date, or say which part to correct."""
        day, month, year, estimated = ([*value] + [None] * 4)[:4] if value else (None, None, None, None)
        day, month, year = (str(part or "").strip() for part in (day, month, year))
        if not year and (day or month or self.required):
            raise ValidationError(self.error_messages["required"], code="required")
        if not year:
            return None
        found = self._build(day, month, year, str(estimated).lower() in ("on", "true", "1"))
        self.run_validators(found)
        return found

    def _build(self, day: str, month: str, year: str, is_estimated: bool) -> PrecisionDate:
        today = timezone.localdate()
        if not (year.isdecimal() and len(year) == 4 and int(year) >= EARLIEST_YEAR):
            raise ValidationError(self.error_messages["year"], code="year")
        if (day and not month) or (month and not (month.isdecimal() and 1 <= int(month) <= 12)):
            raise ValidationError(self.error_messages["month"], code="month")
        if day and not (day.isdecimal() and 1 <= int(day) <= monthrange(int(year), int(month))[1]):
            raise ValidationError(self.error_messages["day"], code="day")
        found = PrecisionDate(int(year), int(month) if month else None, int(day) if day else None, is_estimated)
        if found.earliest > today:
            raise ValidationError(self.error_messages["future"], code="future")
        return found
