"""Planting invented people: found like anybody, opened by nobody who has no reason to look."""

from datetime import datetime, timedelta
from secrets import SystemRandom
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from puente.audit.policies import PLANT_CANARY
from puente.audit.services import note_canaries
from puente.engines.identity.names import PersonName
from puente.engines.identity.vocabulary import FEMALE_NAMES, MALE_NAMES, SURNAMES
from puente.offices.selectors import list_states
from puente.people.models import Person
from puente.people.policies import OPEN_PERSON, REGISTER_PERSON
from puente.people.sealed import IdentityDocument
from puente.people.services.identities import PersonFacts, create_person
from puente.platform.ids import make_id
from puente.platform.policy import Actor, require_in_office, system_actor
from puente.platform.row_security import acting_as

#: Who registers invented people: a process, so that no member of staff seems to have done it.
PLANTER = UUID("01990000-0000-7000-8000-00000000ca4a")
MOST_AT_ONCE = 20
#: They seem to have been registered within this time, so that the newest of a list are not they.
LOOKS_BACK = timedelta(days=400)


@transaction.atomic
def plant_canaries(*, actor: Actor, office_id: UUID, number: int, now: datetime) -> list[UUID]:
    """Invent people whom an office seems to serve, and return their ids.

    Args:
        number: 1 to MOST_AT_ONCE.

    Raises:
        NotAllowed: where the actor plants none in this office.
        ValueError: for another number.
    """
    require_in_office(actor, PLANT_CANARY, office_id)
    if not 1 <= number <= MOST_AT_ONCE:
        raise ValueError(f"From 1 to {MOST_AT_ONCE} at once.")
    planter = system_actor("planter", PLANTER, [REGISTER_PERSON, OPEN_PERSON], [office_id])
    dice = SystemRandom()
    states = [state.pk for state in list_states()]
    with acting_as(planter):
        person_ids = [_invent(dice, planter, office_id, states, now) for _ in range(number)]
    with acting_as(actor):
        note_canaries(actor=actor, office_id=office_id, person_ids=person_ids, now=now)
    return person_ids


def _invent(dice: SystemRandom, planter: Actor, office_id: UUID, states: list[str], now: datetime) -> UUID:
    sex = dice.choice([Person.Sex.FEMALE, Person.Sex.MALE])
    given = dice.choice(sorted(FEMALE_NAMES if sex == Person.Sex.FEMALE else MALE_NAMES))
    first, second = dice.sample(sorted(SURNAMES), 2)
    registered = now - dice.random() * LOOKS_BACK
    # Without an event: the list of events must not tell who is invented.
    person = create_person(
        actor=planter,
        office_id=office_id,
        identity=IdentityDocument(
            name=PersonName(given, first, second),
            birth_month=dice.randint(1, 12),
            birth_day=dice.randint(1, 28),
        ),
        facts=PersonFacts(
            sex=sex,
            birth_year=timezone.localdate(now).year - dice.randint(19, 58),
            birth_precision=Person.BirthPrecision.DAY,
            birth_state_id=dice.choice(states),
            home_state_id=dice.choice(states),
            nationality_id="MX",
            languages=("spanish",),
        ),
        now=registered,
        person_id=make_id(),
    )
    return person.pk
