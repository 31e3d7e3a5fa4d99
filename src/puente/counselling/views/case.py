"""The person a page is about, opened with its purpose and an audit event."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from puente.counselling.policies import VIEW_PROFILE, find_person
from puente.counselling.selectors.profiles import ReadProfile, read_profile
from puente.engines.identity.names import display_name
from puente.people.models import Person
from puente.people.services import OpenedPerson, birth_of, open_person
from puente.platform.policy import Actor, Purpose
from puente.reception.ages import find_age_range
from puente.web.requests import StaffRequest


@dataclass(frozen=True)
class Case:
    """Who is counselled: the opened file, their newest profile, and what the head of each page says."""

    actor: Actor
    now: datetime
    opened: OpenedPerson
    profile: ReadProfile

    @property
    def person(self) -> Person:
        return self.opened.person

    @property
    def name(self) -> str:
        """The name as it is read; "" where the identity is not established."""
        return display_name(self.opened.identity.name)

    @property
    def age(self) -> int | None:
        """Age in whole years, the lower one where the date leaves two open."""
        birth = birth_of(self.person, self.opened.identity)
        return find_age_range(birth, self.now.date())[0] if birth else None


def open_case(request: StaffRequest, person_id: UUID, purpose: Purpose = Purpose.COUNSELLING) -> Case:
    """Open a person for counselling. Raises NotAllowed, also where there is no such person."""
    actor, now = request.actor, timezone.now()
    find_person(actor, VIEW_PROFILE, person_id, purpose, now)
    opened = open_person(actor=actor, person_id=person_id, purpose=purpose, now=now)
    return Case(actor, now, opened, read_profile(actor, person_id, opened.data_key))
