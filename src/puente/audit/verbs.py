"""The registry of verbs: each kind of event is declared once, with the sentence that tells it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext

from puente.platform.policy import Sensitivity


@dataclass(frozen=True)
class Verb:
    """One kind of event. `opens`: somebody read a record; `sensitivity`: who may be told (FLAG and more: reserved)."""

    sentence: str | Promise
    sensitivity: Sensitivity
    opens: bool


_verbs: dict[str, Verb] = {}


def register_verb(
    verb: str, sentence: str | Promise, *, sensitivity: Sensitivity = Sensitivity.CASE, opens: bool = False
) -> str:
    """Declare a verb such as `person.opened` with its sentence (marked by gettext_noop), and return the verb."""
    if verb in _verbs:
        raise ValueError(f"The verb {verb} is declared twice.")
    _verbs[verb] = Verb(sentence, sensitivity, opens)
    return verb


def sentence_of(verb: str) -> str:
    """Return the sentence of a verb in the reader's language; a verb that no room declares any more tells itself."""
    return gettext(str(_verbs[verb].sentence)) if verb in _verbs else verb


def sensitivity_of(verb: str) -> Sensitivity:
    """Return how sensitive it is that an event of this verb happened; raises KeyError."""
    return _verbs[verb].sensitivity


def is_registered(verb: str) -> bool:
    """Tell whether a verb is declared."""
    return verb in _verbs


def list_verbs(clearance: Sensitivity) -> list[str]:
    """Return the declared verbs that somebody with a clearance may be told of."""
    most = max(clearance, Sensitivity.CASE)
    return [name for name, verb in _verbs.items() if verb.sensitivity <= most]


def list_opening_verbs() -> list[str]:
    """Return the verbs that mean that somebody read a record."""
    return [name for name, verb in _verbs.items() if verb.opens]
