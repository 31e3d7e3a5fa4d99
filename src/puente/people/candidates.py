"""The list of candidates of a search and the comparison of one of them, ready for the templates.

The templates `people/_candidates.html` and `people/_comparison.html` draw what `build_candidates` returns;
the desk of arrivals uses them with its own answers under the comparison.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import prefetch_related_objects

from puente.engines.identity.birth import PartialDate, Precision
from puente.engines.identity.evidence import Likelihood
from puente.engines.identity.names import core_words, list_name
from puente.people.evidence import LIKELIHOODS, Words, describe_birth, describe_rows, describe_unknown
from puente.people.models import Person
from puente.people.opening import birth_of
from puente.people.selectors import EarlierReturn, FoundPerson, list_returns, name_states
from puente.platform.policy import Actor
from puente.web.parts import EvidenceRow


@dataclass(frozen=True)
class ShownCandidate:
    """One candidate: what the list says of them and, once chosen, the rows of the comparison."""

    number: int
    person: Person
    name: str
    likelihood: Words
    is_very_likely: bool
    birth: str
    place: str
    is_served_here: bool
    returns: Sequence[EarlierReturn]
    rows: Sequence[EvidenceRow] = field(repr=False)
    registered_at: datetime | None = None
    #: The number and name of somebody in the list with the same birth date and a surname in common.
    look_alike: tuple[int, str] | None = None


def build_candidates(actor: Actor, found: Sequence[FoundPerson]) -> list[ShownCandidate]:
    """Return what the templates show of a search, in its order, with earlier returns."""
    served = [candidate.person for candidate in found if candidate.is_served_here]
    prefetch_related_objects(served, "home_municipality__state", "home_state", "birth_state", "birth_country")
    states = name_states() if found else {}
    returns = list_returns(actor, [candidate.person.pk for candidate in found])
    births = [
        birth_of(candidate.person, candidate.identity) if candidate.is_served_here else None for candidate in found
    ]
    return [
        ShownCandidate(
            number=number,
            person=candidate.person,
            name=list_name(candidate.identity.name) or describe_unknown(),
            likelihood=LIKELIHOODS[candidate.comparison.likelihood],
            is_very_likely=candidate.comparison.likelihood is Likelihood.VERY_LIKELY,
            birth=describe_birth(birth),
            place=describe_home(candidate.person) if candidate.is_served_here else "",
            is_served_here=candidate.is_served_here,
            returns=returns.get(candidate.person.pk, ()),
            rows=describe_rows(candidate.comparison, states),
            registered_at=candidate.person.created_at,
            look_alike=_find_look_alike(number - 1, found, births),
        )
        for number, (candidate, birth) in enumerate(zip(found, births, strict=True), start=1)
    ]


def choose(candidates: Sequence[ShownCandidate], person_id: str) -> ShownCandidate | None:
    """Return the candidate with an id, else the first one."""
    chosen = [candidate for candidate in candidates if str(candidate.person.pk) == person_id]
    return next(iter(chosen or candidates), None)


def describe_home(person: Person) -> str:
    """Return where a person is at home, or was born: "Zitácuaro, Mich.", a state, or another country."""
    if person.home_municipality is not None:
        return str(person.home_municipality)
    state = person.home_state or person.birth_state
    if state is not None:
        return str(state)
    return str(person.birth_country) if person.birth_country_id not in (None, "MX") else ""


def _find_look_alike(
    at: int, found: Sequence[FoundPerson], births: Sequence[PartialDate | None]
) -> tuple[int, str] | None:
    birth = births[at]
    if birth is None or birth.precision is not Precision.DAY:
        return None
    surnames = _surnames_of(found[at])
    for other, candidate in enumerate(found):
        if other != at and births[other] == birth and surnames & _surnames_of(candidate):
            return other + 1, candidate.identity.name.given
    return None


def _surnames_of(candidate: FoundPerson) -> set[str]:
    name = candidate.identity.name
    return {*core_words(name.first_surname), *core_words(name.second_surname)}
