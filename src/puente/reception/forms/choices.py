"""Choices that forms offer, in the reader's language and order of use."""

from functools import cache

from django.utils import translation
from django.utils.translation import gettext as _

from puente.offices.models import State
from puente.people.forms import parts
from puente.reception import catalogue

Choice = tuple[str, str]
NOTHING: list[Choice] = [("", "")]


def of_list(entries: dict[str, catalogue.Entry], *, with_empty: bool = True) -> list[Choice]:
    """Return the entries of a list in the order of its file."""
    return [*(NOTHING if with_empty else []), *((code, entry.label) for code, entry in entries.items())]


def list_states() -> list[Choice]:
    """Return the states of Mexico by name."""
    return [*NOTHING, *_read_states()]


def name_states() -> dict[str, str]:
    """Return state code → name."""
    return dict(_read_states())


def list_countries() -> list[Choice]:
    """Return the countries: the near ones first, the others by name."""
    return [*NOTHING, *_read_countries(translation.get_language() or "es")]


def list_languages() -> list[Choice]:
    """Return the languages of the catalogue."""
    return [*NOTHING, *of_list(catalogue.read_list("people/languages"), with_empty=False)]


def list_papers() -> list[Choice]:
    """Return the kinds of papers of every country."""
    return of_list(catalogue.read_list("people/document_types"))


def yes_no_unsaid() -> list[Choice]:
    """Return the answers to a question that nobody has to answer."""
    return [("no", _("No")), ("yes", _("Yes")), ("no_answer", _("Prefers not to say"))]


@cache
def _read_states() -> tuple[Choice, ...]:
    return tuple(State.objects.order_by("name").values_list("code", "name"))


@cache
def _read_countries(language: str) -> tuple[Choice, ...]:
    with translation.override(language):
        return tuple(parts.list_countries())
