from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from puente.audit.policies import VIEW_EVENTS
from puente.counselling.policies import MAKE_SHORTLIST, RECORD_OUTCOME, VIEW_INTRODUCTIONS, VIEW_PROFILE
from puente.needs.policies import VIEW_NEEDS
from puente.people.policies import OPEN_PERSON
from puente.platform.policy import Actor, Membership, Purpose, register_action, system_actor
from puente.reception.policies import VIEW_ARRIVALS, VIEW_MANIFESTS

RECEIVE_REQUEST = register_action("rights.receive", Purpose.RIGHTS)
VIEW_REQUESTS = register_action("rights.view", Purpose.RIGHTS)
HANDLE_REQUEST = register_action("rights.handle", Purpose.RIGHTS)
#: The second person of an erasure: destroys the key. The database asks for this action by name.
ERASE_PERSON = register_action("person.erase", Purpose.RIGHTS, Purpose.ADMINISTRATION)
VIEW_RETENTION = register_action("retention.view", Purpose.ADMINISTRATION)
EDIT_RETENTION = register_action("retention.edit", Purpose.ADMINISTRATION)
#: To count what is due, and to propose that it be erased.
PROPOSE_RETENTION = register_action("retention.propose", Purpose.ADMINISTRATION)

COPIED = (OPEN_PERSON, VIEW_ARRIVALS, VIEW_NEEDS, VIEW_PROFILE, VIEW_INTRODUCTIONS, RECORD_OUTCOME, VIEW_EVENTS)
#: Lists are read by who sees lists, phone pages by who makes them.
COUNTED = (*COPIED, VIEW_REQUESTS, VIEW_MANIFESTS, MAKE_SHORTLIST)
REPLAYING = UUID("01990000-0000-7000-8000-0000000e4a5e")
COUNTING_DUE = UUID("01990000-0000-7000-8000-00000000d0e5")


def copying_actor(actor: Actor, offices: Iterable[UUID]) -> Actor:
    """Return the actor, who may copy the file, with the rights to read every part of it, wherever it was written.

    A person's copy must not depend on the role of who makes it. Identity, step-up, clearance and grants stay the
    actor's own, so a reserved file is copied by nobody who could not open it.
    """
    names = frozenset(action.name for action in COPIED)
    return replace(actor, memberships=tuple(Membership(office, names, actor.clearance) for office in offices))


def replaying_actor(offices: Iterable[UUID]) -> Actor:
    """Return who erases once more those whom a restored backup brought back; also before any office is loaded."""
    return system_actor("erasure replay", REPLAYING, [ERASE_PERSON], [*offices] or [UUID(int=0)])


def counting_actor(offices: Iterable[UUID]) -> Actor:
    """Return who counts at night what is past its time; files that are reserved stay out of its sight."""
    return system_actor("retention count", COUNTING_DUE, [*COUNTED, PROPOSE_RETENTION], offices)
