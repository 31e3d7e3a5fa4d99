"""The saved mapping of a source: which of its columns says what, and what its cells mean."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from puente.engines.occupations.text import fold

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

#: What a column may say, in the order in which the page asks for it.
FIELDS: dict[str, str | Promise] = {
    "title": _("Job title"),
    "key": _("Number of the offer in its source"),
    "kind": _("Kind of opening"),
    "employer": _("Employer"),
    "description": _("Description"),
    "occupation": _("SINCO code"),
    "state": _("State"),
    "municipality": _("Municipality"),
    "remote": _("From home"),
    "wage_min": _("Wage, or lowest wage"),
    "wage_max": _("Highest wage"),
    "cost": _("Cost for the person"),
    "support_amount": _("Amount of the support"),
    "places": _("Places"),
    "valid_from": _("Date of the offer"),
    "valid_until": _("Last day of the offer"),
    "starts_at": _("Hour of entry"),
    "ends_at": _("Hour of exit"),
    "hours_a_day": _("Hours a day"),
    "hours_a_week": _("Hours a week"),
    "days_a_week": _("Days a week"),
    "monday": _("Monday"),
    "tuesday": _("Tuesday"),
    "wednesday": _("Wednesday"),
    "thursday": _("Thursday"),
    "friday": _("Friday"),
    "saturday": _("Saturday"),
    "sunday": _("Sunday"),
    "rotates": _("Rotating shifts"),
    "schooling": _("Schooling asked"),
    "english": _("English asked"),
    "licences": _("Licences asked"),
    "languages": _("Other languages asked"),
    "documents": _("Papers asked"),
    "physical": _("What it asks of the body"),
    "age_min": _("Lowest age"),
    "age_max": _("Highest age"),
    "age_ground": _("Law that asks for the age"),
    "housing": _("Housing"),
    "household_places": _("Places for the household"),
}
REQUIRED = ("title",)

WAGE_PERIODS: dict[str, str | Promise] = {
    "month": pgettext_lazy("wage", "a month"),
    "fortnight": pgettext_lazy("wage", "a fortnight"),
    "week": pgettext_lazy("wage", "a week"),
    "day": pgettext_lazy("wage", "a day"),
}
#: Days a month as the Mexican social security institute counts them (365 / 12), and weeks from it.
DAYS_A_MONTH = 30.4
PERIODS_A_MONTH = {"month": 1.0, "fortnight": 2.0, "week": DAYS_A_MONTH / 7, "day": DAYS_A_MONTH}

_WORDS: dict[str, tuple[str, ...]] = {
    "title": (
        "titulo", "puesto", "nombre del puesto", "vacante", "oferta", "offer", "title", "job title", "job", "ocupacion",
    ),
    "key": ("folio", "clave", "id", "numero", "no", "key", "reference", "referencia", "numero de oferta", "id oferta"),
    "kind": ("tipo", "tipo de oferta", "kind", "type"),
    "employer": ("empresa", "empleador", "employer", "company", "razon social", "nombre de la empresa", "compania"),
    "description": ("descripcion", "funciones", "actividades", "description"),
    "occupation": ("sinco", "clave sinco", "codigo sinco", "sinco code"),
    "state": ("estado", "entidad", "entidad federativa", "state"),
    "municipality": ("municipio", "alcaldia", "municipio o alcaldia", "municipality", "ciudad", "city", "localidad"),
    "remote": ("remoto", "desde casa", "remote"),
    "wage_min": (
        "salario", "sueldo", "salario minimo", "sueldo minimo", "salario mensual", "sueldo mensual", "salary", "wage",
        "salario desde", "wage min", "sueldo desde",
    ),
    "wage_max": ("salario maximo", "sueldo maximo", "salario hasta", "sueldo hasta", "wage max", "max wage"),
    "cost": ("costo", "cost", "cuota"),
    "support_amount": ("monto", "apoyo", "amount"),
    "places": ("plazas", "lugares", "vacantes", "numero de plazas", "places", "positions"),
    "valid_from": ("fecha", "fecha de publicacion", "publicada", "date", "desde", "valid from", "fecha inicio"),
    "valid_until": ("vigencia", "fecha limite", "hasta", "vence", "valid until", "expires", "fecha de cierre"),
    "starts_at": ("hora de entrada", "entrada", "start hour", "hora inicio", "starts at"),
    "ends_at": ("hora de salida", "salida", "end hour", "hora fin", "ends at"),
    "hours_a_day": ("horas al dia", "hours worked", "hours a day", "horas por dia", "horas diarias"),
    "hours_a_week": ("horas a la semana", "horas semanales", "hours a week"),
    "days_a_week": ("dias a la semana", "dias", "days worked", "days a week"),
    "monday": ("lunes", "monday"), "tuesday": ("martes", "tuesday"), "wednesday": ("miercoles", "wednesday"),
    "thursday": ("jueves", "thursday"), "friday": ("viernes", "friday"), "saturday": ("sabado", "saturday"),
    "sunday": ("domingo", "sunday"), "rotates": ("rola turnos", "rolar turnos", "turnos rotativos", "rotates"),
    "schooling": ("escolaridad", "estudios", "schooling", "education"),
    "english": ("ingles", "nivel de ingles", "english"),
    "licences": ("licencia", "licencias", "licences", "licenses"),
    "languages": ("idiomas", "otros idiomas", "lenguas", "languages"),
    "documents": ("documentos", "papeles", "documents"),
    "physical": ("esfuerzo fisico", "physical"),
    "age_min": ("edad minima", "age min", "minimum age"), "age_max": ("edad maxima", "age max", "maximum age"),
    "age_ground": ("fundamento de la edad", "age ground"),
    "housing": ("hospedaje", "vivienda", "housing"), "household_places": ("lugares familia", "household places"),
}  # fmt: skip


class WrongMapping(ValueError):
    """A mapping that cannot be used; the message is for the person who chose it."""

    def __init__(self, message: str | Promise, field: str = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


@dataclass(frozen=True)
class Options:
    """What the cells of a source mean, and how long its offers stand.

    wage_period: what the wages are paid for. kind: what a row is that does not say it.
    open_until / open_days / open_days_from_import: the last day of an offer that names none: a fixed day, days
    after its own date, or days after the import (for examples of another year).
    is_full_list: an offer that the file no longer has is closed.
    """

    wage_period: str = "month"
    kind: str = "vacancy"
    open_until: date | None = None
    open_days: int | None = None
    open_days_from_import: int | None = None
    is_full_list: bool = False

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Options":
        """Read what `to_json` wrote; raises WrongMapping."""
        unknown = set(stored) - {entry.name for entry in fields(cls)}
        if unknown or stored.get("wage_period", "month") not in WAGE_PERIODS:
            raise WrongMapping(_("The saved options of this source cannot be read. Choose them again."))
        until = stored.get("open_until")
        return cls(**{**stored, "open_until": date.fromisoformat(until) if until else None})

    def to_json(self) -> dict[str, Any]:
        """Return what differs from the defaults, for a JSON column."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
            if value != getattr(Options, name, None)
        }

    def find_last_day(self, valid_from: date, today: date) -> date | None:
        """Return the last day of an offer that names none."""
        if self.open_until:
            return self.open_until
        if self.open_days_from_import is not None:
            return today + timedelta(days=self.open_days_from_import)
        return None if self.open_days is None else valid_from + timedelta(days=self.open_days)


@dataclass(frozen=True)
class Mapping:
    """Columns (field of ours -> name of a column of the file) and options."""

    columns: dict[str, str]
    options: Options = field(default_factory=Options)

    def find_positions(self, header: tuple[str, ...]) -> dict[str, int]:
        """Return where each mapped column stands in a file; raises WrongMapping."""
        positions = {}
        for name, column in self.columns.items():
            if name not in FIELDS:
                raise WrongMapping(_("The saved columns of this source cannot be read. Choose them again."))
            if column not in header:
                raise WrongMapping(
                    _("The file has no column “%(column)s”. Choose its columns again.") % {"column": column}, name
                )
            positions[name] = header.index(column)
        for name in REQUIRED:
            if name not in positions:
                raise WrongMapping(_("Choose the column that holds the job title."), name)
        return positions


def guess_columns(header: tuple[str, ...]) -> dict[str, str]:
    """Propose which column says what, by the names that columns usually bear."""
    names = {fold(column.replace("_", " ")): column for column in reversed(header) if column}
    guessed: dict[str, str] = {}
    for name, words in _WORDS.items():
        column = next((names[word] for word in words if word in names), None)
        if column is not None and column not in guessed.values():
            guessed[name] = column
    return guessed
