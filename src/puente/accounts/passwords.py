"""What a new password may not be, beside too short: guessable from lists, or from where it is used.

Any letters are allowed, none are asked for, and nobody must change a good password (NIST SP 800-63B).
"""

import re
import unicodedata
from functools import cache
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Guessed first by who knows the office: the product, its task, its places, its roles.
WORDS = (
    "puente", "bridge", "pont", "oim", "iom", "inm", "migracion", "migration", "migrante", "migrant", "repatriacion",
    "llegada",
    "repatriation", "retorno", "return", "retour", "reintegracion", "reintegration", "recepcion", "reception",
    "arrival", "juarez", "tapachula", "elpaso", "chihuahua", "chiapas", "mexico", "frontera", "border", "proteccion",
    "protection", "consejeria", "counsellor", "vinculacion", "liaison", "coordinacion", "coordinator", "analista",
    "analyst", "administrador", "administrator", "admin", "oficina", "office", "contrasena", "password", "motdepasse",
)  # fmt: skip
LEAST_BESIDE_WORDS = 8
SHORTEST_LISTED_PART = 3


class GuessablePasswordValidator:
    """Refuse what is made of listed passwords alone: one that is repeated, decorated with digits, or two together.

    The list is the one of 20,000 that Django brings. Almost none of its entries is as long as ours must be; what people
    make of them to reach the length is.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a guessable password."""
        if is_guessable(password):
            raise ValidationError(
                _("This password is easy to guess: it is made of common ones. Use several words that do not belong"
                  " together."),
                code="password_guessable",
            )  # fmt: skip

    def get_help_text(self) -> str:
        """Return the rule for a page."""
        return _("It must not be made of common passwords.")


class WordsOfTheOfficeValidator:
    """Refuse what is little more than the words of the office, or the own name and e-mail."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where less than eight letters are left without those words."""
        own = re.split(r"\W+", _fold(f"{getattr(user, 'name', '')} {getattr(user, 'email', '')}"))
        rest = _fold(password)
        for word in sorted({*WORDS, *(word for word in own if len(word) > 2)}, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(re.sub(r"[\W\d_]+", "", rest)) < LEAST_BESIDE_WORDS:
            raise ValidationError(
                _("This password is little more than words that everybody here knows. Add words of your own."),
                code="password_of_the_office",
            )

    def get_help_text(self) -> str:
        """Return the rule for a page."""
        return _("It must not be made of words of the office or of your name.")


def is_guessable(password: str) -> bool:
    """Tell whether a password is a listed one, repeated, decorated or put together from two."""
    core = re.sub(r"[\W\d_]+", "", _fold(password))
    if not core:
        return True
    listed = _load_listed()
    unit = _undo_repetition(core)
    if len(unit) < SHORTEST_LISTED_PART or any(
        unit * times in listed for times in range(1, len(core) // len(unit) + 1)
    ):
        return True
    cuts = range(SHORTEST_LISTED_PART, len(core) - SHORTEST_LISTED_PART + 1)
    return any(core[:cut] in listed and core[cut:] in listed for cut in cuts)


def _undo_repetition(text: str) -> str:
    # A text that is a repeated unit is found again inside of itself written twice.
    period = (text + text).find(text, 1)
    return text[:period]


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def _load_listed() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
