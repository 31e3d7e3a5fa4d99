"""Who may do what: the pure rule `allow`, its vocabulary, and the actor it speaks of (design, section 5).

Its twins are `visible_to` on each model's queryset and the row-level security policies in the database;
a property test compares the three.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

STEP_UP_VALIDITY = timedelta(minutes=5)


class Sensitivity(IntEnum):
    """What a leak of a record does, from a published figure to a life (design, section 5)."""

    PUBLISHED = 0
    SERVICE = 1
    CASE = 2
    FLAG = 3
    SEALED = 4


class Purpose(StrEnum):
    """What a record is opened or changed for."""

    RECEPTION = "reception"
    COUNSELLING = "counselling"
    PROTECTION = "protection"
    REFERRAL = "referral"
    FOLLOW_UP = "follow_up"
    STATISTICS = "statistics"
    ADMINISTRATION = "administration"
    RIGHTS = "rights"


@dataclass(frozen=True)
class Action:
    """Something an actor may be allowed to do, and what it may be done for."""

    name: str
    purposes: frozenset[Purpose]


@dataclass(frozen=True)
class Membership:
    """One role in one office: the actions it gives and the most sensitive record it may touch."""

    office_id: UUID
    actions: frozenset[str]
    clearance: Sensitivity


@dataclass(frozen=True)
class Grant:
    """A right given to one actor on one person's records, for a time."""

    person_id: UUID
    expires_at: datetime


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of staff with memberships, or a process of the system."""

    id: UUID
    name: str
    memberships: tuple[Membership, ...] = ()
    grants: tuple[Grant, ...] = ()
    step_up_at: datetime | None = None
    home_office_id: UUID | None = None

    def offices_for(self, action: Action) -> frozenset[UUID]:
        """Return the offices in which the actor's roles give an action."""
        return frozenset(m.office_id for m in self.memberships if action.name in m.actions)

    def may(self, action: Action) -> bool:
        """Tell whether any role of the actor gives an action, wherever."""
        return bool(self.offices_for(action))

    @property
    def clearance(self) -> Sensitivity:
        """The most sensitive record that any role of the actor may touch."""
        return max((m.clearance for m in self.memberships), default=Sensitivity.PUBLISHED)

    def scope(self) -> dict[str, list[str]]:
        """Return the offices of each action, in the form the database's policies read."""
        offices: dict[str, set[str]] = {}
        for membership in self.memberships:
            for action in membership.actions:
                offices.setdefault(action, set()).add(str(membership.office_id))
        return {action: sorted(found) for action, found in offices.items()}


@dataclass(frozen=True)
class Record:
    """What the rule must know of a record.

    `office_ids` are all offices that serve it; `assigned_to` counts only from FLAG upwards.
    """

    office_ids: frozenset[UUID]
    sensitivity: Sensitivity = Sensitivity.CASE
    person_id: UUID | None = None
    assigned_to: frozenset[UUID] = field(default_factory=frozenset)


class NotAllowed(Exception):
    """The actor may not do this; the message is for the log, never for the page."""


def allow(actor: Actor, action: Action, record: Record, purpose: Purpose, now: datetime) -> bool:
    """Tell whether an actor may do something to a record for a purpose at a time.

    role has action ∧ (record's office in the actor's scope ∨ live grant) ∧ sensitivity ≤ clearance
    ∧ (assigned, from FLAG upwards) ∧ purpose fits action ∧ step-up younger than 5 minutes (from FLAG upwards).
    """
    offices = actor.offices_for(action)
    in_scope = bool(record.office_ids & offices) or _has_live_grant(actor, record, now)
    if not offices or not in_scope:
        return False
    if record.sensitivity > actor.clearance or purpose not in action.purposes:
        return False
    if record.sensitivity < Sensitivity.FLAG:
        return True
    stepped_up = actor.step_up_at is not None and now - actor.step_up_at <= STEP_UP_VALIDITY
    return actor.id in record.assigned_to and stepped_up


def require(actor: Actor, action: Action, record: Record, purpose: Purpose, now: datetime) -> None:
    """Raise NotAllowed unless `allow` holds."""
    if not allow(actor, action, record, purpose, now):
        raise NotAllowed(f"{action.name} for {purpose}")


def require_in_office(actor: Actor, action: Action, office_id: UUID) -> None:
    """Raise NotAllowed unless a role of the actor gives the action in an office."""
    if office_id not in actor.offices_for(action):
        raise NotAllowed(action.name)


_registered: dict[str, Action] = {}


def register_action(name: str, *purposes: Purpose) -> Action:
    """Declare an action, once, in the policies module of the app that owns it."""
    if name in _registered:
        raise ValueError(f"The action {name} is declared twice.")
    _registered[name] = Action(name, frozenset(purposes))
    return _registered[name]


def registered_actions() -> Mapping[str, Action]:
    """Return every declared action by name."""
    return dict(_registered)


def system_actor(name: str, actor_id: UUID, actions: Iterable[Action], offices: Iterable[UUID]) -> Actor:
    """Return the actor for a process of the system, with just the actions it needs."""
    names = frozenset(action.name for action in actions)
    return Actor(
        id=actor_id,
        name=name,
        memberships=tuple(Membership(office, names, Sensitivity.CASE) for office in offices),
    )


def _has_live_grant(actor: Actor, record: Record, now: datetime) -> bool:
    return any(grant.person_id == record.person_id and grant.expires_at > now for grant in actor.grants)
