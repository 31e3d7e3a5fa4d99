"""Sending a person to another service with the fewest data, and following it until the service is delivered."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from puente.audit.verbs import register_verb
from puente.offices.models import Service
from puente.offices.selectors import get_service
from puente.people.selectors import has_consent
from puente.platform.policy import Actor, NotAllowed, Sensitivity
from puente.protection.case_file import Topic, read_case_file
from puente.protection.contact import Channel, Wording
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import WRITE_CASE
from puente.protection.referrals import (
    MOST_LETTERS,
    NEXT_STATES,
    FieldKind,
    Proof,
    Referral,
    ReferralSchema,
    State,
    Way,
    schema_for,
)
from puente.protection.sealed import Compartment
from puente.protection.services.cases import record_in_case, write_entry
from puente.protection.services.contact import may_contact

SENT = register_verb(
    "referral.sent", gettext_noop("sent a referral to another service"), sensitivity=Sensitivity.SEALED
)
PRINTED = register_verb(
    "referral.printed", gettext_noop("made the paper of a referral"), sensitivity=Sensitivity.SEALED
)
#: The consent that a referral rests on.
CONSENT = "referral"


class ConsentMissing(Exception):
    """The person's last word on being referred is not yes."""


class FieldsWrong(Exception):
    """A field goes that this service may not be told, one is missing, or one is too long."""


class PaperUnsafe(Exception):
    """The person would carry the paper, and the safe-contact instructions let no such paper go with them."""


class StateImpossible(Exception):
    """The referral cannot pass from where it stands to that state."""


@transaction.atomic
def send_referral(
    *,
    actor: Actor,
    opened: OpenedCase,
    service_code: str,
    values: Mapping[str, str],
    way: Way,
    expires_on: date | None = None,
    now: datetime,
) -> UUID:
    """Send a referral and keep, sealed, exactly what was sent; returns its id.

    Args:
        values: field → what is told; only fields of the service's schema, with all that must go.
        way: how it gets to the service; the person carries the paper only where the safe-contact instructions let a
            paper go out that names the office.
        expires_on: until when the service may use it; the schema's time where None.

    Raises:
        NotAllowed: also for a purpose that does not open what must be sealed.
        Service.DoesNotExist, ConsentMissing, FieldsWrong, PaperUnsafe.
    """
    service = get_service(actor, service_code)
    if service is None:
        raise Service.DoesNotExist
    if not opened.has(Compartment.HEALTH):
        raise NotAllowed(WRITE_CASE.name)
    schema = find_schema_of(service)
    told = {code: value.strip() for code, value in values.items() if value.strip()}
    _check_fields(schema, told)
    if not has_consent(actor, opened.case.person_id, CONSENT):
        raise ConsentMissing
    if way is Way.CARRIED and not may_contact(
        actor=actor, person_id=opened.case.person_id, channel=Channel.PAPER, wording=Wording.OPEN, now=now
    ):
        raise PaperUnsafe
    today = timezone.localdate(now)
    referral_id = write_entry(
        actor=actor, opened=opened, compartment=Compartment.PLAN, topic=Topic.REFERRAL, now=now,
        content={
            "service": service.pk, "schema": schema.code, "fields": sorted(told), "way": way,
            "expires_on": (expires_on or today + timedelta(days=schema.validity_days)).isoformat(),
        },
    )  # fmt: skip
    # What was told may speak of health: a follow-up sees that a referral exists, not what it says.
    write_entry(
        actor=actor, opened=opened, compartment=Compartment.HEALTH, topic=Topic.REFERRAL_COPY, now=now,
        content={"referral": str(referral_id), "values": told},
    )  # fmt: skip
    record_in_case(actor, SENT, opened.case, opened.purpose, now)
    return referral_id


def find_schema_of(service: Service) -> ReferralSchema:
    """Return what a service of the directory may be told."""
    return schema_for([kind.pk for kind in service.kinds.all()])


def _check_fields(schema: ReferralSchema, told: Mapping[str, str]) -> None:
    if schema.find_forbidden(told) or schema.find_missing(told):
        raise FieldsWrong
    limits = {field.code: MOST_LETTERS.get(field.kind, MOST_LETTERS[FieldKind.TEXT]) for field in schema.fields}
    if any(len(value) > limits[code] for code, value in told.items()):
        raise FieldsWrong


def find_referral(opened: OpenedCase, referral_id: UUID) -> Referral:
    """Return a referral of an opened case; raises NotAllowed where there is none."""
    entries = read_entries(opened, Topic.REFERRAL, Topic.REFERRAL_OUTCOME)
    for referral in read_case_file(entries).referrals:
        if referral.id == referral_id:
            return referral
    raise NotAllowed(WRITE_CASE.name)


def read_copy(opened: OpenedCase, referral_id: UUID) -> dict[str, str] | None:
    """Return what a referral told, None where the purpose does not open it."""
    for read in read_entries(opened, Topic.REFERRAL_COPY):
        if read.entry.content["referral"] == str(referral_id):
            return dict(read.entry.content["values"])
    return None


@transaction.atomic
def move_referral(
    *,
    actor: Actor,
    opened: OpenedCase,
    referral_id: UUID,
    state: State,
    on: date,
    words: str = "",
    proof: Proof = Proof.SERVICE,
    now: datetime,
) -> None:
    """Write down what became of a referral.

    Args:
        state: one that may follow on the present one (`NEXT_STATES`).
        on: the day it happened.
        proof: who said so; delivery counts when the service or the person confirms it, or an officer saw it.

    Raises:
        StateImpossible: also where the day lies before it was sent, or has not come yet. NotAllowed.
    """
    referral, today = find_referral(opened, referral_id), timezone.localdate(now)
    if state not in NEXT_STATES[referral.state_on(today)]:
        raise StateImpossible
    if not timezone.localdate(referral.sent_at) <= on <= today:
        raise StateImpossible
    content: dict[str, Any] = {
        "referral": str(referral_id), "state": state, "on": on.isoformat(), "words": words, "proof": proof,
    }  # fmt: skip
    write_entry(
        actor=actor, opened=opened, compartment=Compartment.PLAN, topic=Topic.REFERRAL_OUTCOME, content=content,
        now=now,
    )  # fmt: skip


@transaction.atomic
def take_paper(
    *, actor: Actor, opened: OpenedCase, referral_id: UUID, now: datetime
) -> tuple[Referral, dict[str, str]]:
    """Return a referral with what it told, for its paper, and leave an event that says so.

    Raises:
        NotAllowed: where the purpose does not open what was told, or it was revoked or has run out.
    """
    referral, told = find_referral(opened, referral_id), read_copy(opened, referral_id)
    if told is None or referral.state_on(timezone.localdate(now)) in {State.REVOKED, State.EXPIRED}:
        raise NotAllowed(WRITE_CASE.name)
    record_in_case(actor, PRINTED, opened.case, opened.purpose, now)
    return referral, told
