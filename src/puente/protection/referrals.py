"""Referrals to other services: which fields may go where, and through which states a referral passes.

What may be told is data (`content/protection/referral_fields.json`), so that an office can review it without code.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from uuid import UUID

from django.utils.translation import get_language

from puente.platform.paths import CONTENT


class FieldKind(StrEnum):
    """Where a field's value comes from, and how long it is."""

    GIVEN = "given"
    LINE = "line"
    TEXT = "text"


#: The most letters of each kind of field that an officer writes.
MOST_LETTERS = {FieldKind.LINE: 120, FieldKind.TEXT: 800}


@dataclass(frozen=True)
class Words:
    """A name in the product's three languages."""

    es: str
    en: str
    fr: str

    def __str__(self) -> str:
        return str(getattr(self, (get_language() or "es")[:2], self.es))


@dataclass(frozen=True)
class FieldRule:
    """One field that may be told about a person."""

    code: str
    label: Words
    kind: FieldKind


@dataclass(frozen=True)
class ReferralSchema:
    """What a kind of service may be told: these fields, of which `required` always go, and no other."""

    code: str
    label: Words
    kinds: frozenset[str]
    validity_days: int
    required: tuple[FieldRule, ...]
    allowed: tuple[FieldRule, ...]

    @property
    def fields(self) -> tuple[FieldRule, ...]:
        """All fields that may go, those that must first."""
        return self.required + self.allowed

    def find_forbidden(self, codes: Iterable[str]) -> set[str]:
        """Return the fields of a set that this service may not be told."""
        return set(codes) - {field.code for field in self.fields}

    def find_missing(self, codes: Iterable[str]) -> set[str]:
        """Return the fields that this service must be told and a set lacks."""
        return {field.code for field in self.required} - set(codes)


@cache
def load_schemas() -> tuple[ReferralSchema, ...]:
    """Return the schemas in the order in which they are tried."""
    content = json.loads((CONTENT / "protection" / "referral_fields.json").read_text(encoding="utf-8"))
    rules = {
        code: FieldRule(code, _read_words(field), FieldKind(field["kind"])) for code, field in content["fields"].items()
    }
    return tuple(
        ReferralSchema(
            entry["code"],
            _read_words(entry),
            frozenset(entry["kinds"]),
            entry["validity_days"],
            tuple(rules[code] for code in entry["required"]),
            tuple(rules[code] for code in entry["allowed"]),
        )
        for entry in content["schemas"]
    )


def find_schema(code: str) -> ReferralSchema:
    """Return a schema by its code; raises KeyError."""
    return {schema.code: schema for schema in load_schemas()}[code]


def schema_for(kinds: Collection[str]) -> ReferralSchema:
    """Return what a service of these kinds may be told: the first schema that fits, the last where none does."""
    schemas = load_schemas()
    return next((schema for schema in schemas if schema.kinds & set(kinds)), schemas[-1])


def _read_words(entry: dict[str, str]) -> Words:
    return Words(entry["es"], entry["en"], entry["fr"])


class State(StrEnum):
    """Where a referral stands. It is done when the delivery of the service is confirmed, not when it was sent."""

    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    REFUSED = "refused"
    REVOKED = "revoked"
    EXPIRED = "expired"


#: What may follow on each state; what is expired may still turn out delivered.
NEXT_STATES: dict[State, tuple[State, ...]] = {
    State.SENT: (State.RECEIVED, State.ACCEPTED, State.DELIVERED, State.REFUSED, State.REVOKED),
    State.RECEIVED: (State.ACCEPTED, State.DELIVERED, State.REFUSED, State.REVOKED),
    State.ACCEPTED: (State.DELIVERED, State.REFUSED, State.REVOKED),
    State.EXPIRED: (State.DELIVERED, State.REVOKED),
    State.DELIVERED: (),
    State.REFUSED: (),
    State.REVOKED: (),
}
OPEN_STATES = frozenset({State.SENT, State.RECEIVED, State.ACCEPTED})


class Proof(StrEnum):
    """Who said so."""

    SERVICE = "service"
    PERSON = "person"
    SEEN = "seen"


class Way(StrEnum):
    """How a referral gets to the service."""

    BY_HAND = "by_hand"
    CALL = "call"
    MAIL = "mail"
    #: The person carries the paper, which others may see.
    CARRIED = "carried"


@dataclass(frozen=True)
class ReferralStep:
    """One thing that became of a referral."""

    state: State
    on: date
    words: str
    proof: str
    by: UUID


@dataclass(frozen=True)
class Referral:
    """A referral as its entries tell it; what was sent stands in a copy that only some purposes open."""

    id: UUID
    service: str
    schema: str
    fields: tuple[str, ...]
    sent_at: datetime
    sent_by: UUID
    expires_on: date
    way: Way
    steps: tuple[ReferralStep, ...] = ()

    def state_on(self, day: date) -> State:
        """Return where it stands on a day."""
        last = self.steps[-1].state if self.steps else State.SENT
        return State.EXPIRED if last in OPEN_STATES and day > self.expires_on else last

    def is_open_on(self, day: date) -> bool:
        """Tell whether its delivery is still waited for."""
        return self.state_on(day) in OPEN_STATES
