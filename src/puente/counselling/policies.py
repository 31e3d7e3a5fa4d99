from datetime import datetime
from uuid import UUID

from puente.people.models import Person
from puente.people.services import record_of
from puente.platform.policy import Action, Actor, NotAllowed, Purpose, register_action, require, system_actor

_SERVICE = (Purpose.COUNSELLING, Purpose.FOLLOW_UP, Purpose.REFERRAL)

VIEW_PROFILE = register_action("profile.view", *_SERVICE)
EDIT_PROFILE = register_action("profile.edit", Purpose.COUNSELLING)
MAKE_SHORTLIST = register_action("shortlist.make", Purpose.COUNSELLING)
VIEW_INTRODUCTIONS = register_action("introduction.view", *_SERVICE)
SEND_INTRODUCTION = register_action("introduction.send", Purpose.COUNSELLING, Purpose.REFERRAL)
RECORD_OUTCOME = register_action("outcome.record", Purpose.COUNSELLING, Purpose.FOLLOW_UP)
#: Of no role: the phone page alone has it, through PHONE.
OPEN_PHONE_PAGE = register_action("phone_page.open", Purpose.COUNSELLING)

#: Who acts when a returned person looks at their own options. The office is none: nothing else opens to it.
PHONE = system_actor("phone page", UUID("01990000-0000-7000-8000-00000000c0de"), [OPEN_PHONE_PAGE], [UUID(int=0)])


def find_person(actor: Actor, action: Action, person_id: UUID, purpose: Purpose, now: datetime) -> Person:
    """Return a person row with whom the actor may do something for a purpose.

    Raises:
        NotAllowed: also where the person does not exist, so that nobody can tell the two apart.
    """
    person = Person.objects.visible_to(actor, action).filter(pk=person_id).first()
    if person is None:
        raise NotAllowed(action.name)
    require(actor, action, record_of(person), purpose, now)
    return person


def choose_office(actor: Actor, action: Action) -> UUID:
    """Return the office for which the actor writes: the own one if its role gives the action, else the first that does.

    Raises:
        NotAllowed: where no role gives the action.
    """
    offices = actor.offices_for(action)
    if not offices:
        raise NotAllowed(action.name)
    if actor.home_office_id in offices:
        return actor.home_office_id
    return min(offices)
