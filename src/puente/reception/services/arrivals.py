"""Registering an arrival and correcting it. `register` is the command that desk and tablet both send."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.engines import curp
from puente.engines.identity.birth import PartialDate
from puente.offices.models import Office, ReceptionPoint
from puente.people.models import Person, TravelGroup, TravelGroupMember
from puente.people.sealed import IdentityDocument, seal_note
from puente.people.services import (
    PersonFacts,
    add_to_travel_group,
    birth_of,
    create_travel_group,
    open_key_of,
    read_person,
    receive_person,
    record_consents,
    record_of,
    register_person,
)
from puente.platform.commands import command
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, require, require_in_office
from puente.protection.services import Reason, Service, send_handover
from puente.reception import catalogue
from puente.reception.ages import find_age_range, is_surely_minor
from puente.reception.models import (
    Arrival,
    ArrivalVersion,
    IdentityAnswer,
    ImmediateNeed,
    OtherService,
    ServiceGiven,
)
from puente.reception.payload import FieldProblem, IdentityPart, InvalidPayload, RegisterArrival, parse_payload
from puente.reception.policies import CORRECT_ARRIVAL, REGISTER_ARRIVAL, VIEW_ARRIVALS
from puente.reception.services.manifests import claim_line
from puente.reception.services.queue import enter_queue
from puente.reception.services.rules import (
    CHOOSE_ACCOMPANIMENT,
    CHOOSE_AUTHORITY,
    CHOOSE_POINT,
    birth_of_part,
    find_problems,
)

REGISTER = "reception.register"
REGISTERED = register_verb("arrival.registered", gettext_noop("registered the arrival"))
CORRECTED = register_verb("arrival.corrected", gettext_noop("corrected the arrival"))
SERVED = register_verb("arrival.served", gettext_noop("marked a service of the arrival"))
NEED = "immediate_need"
CODE_BYTES = 9

SEARCH_AGAIN = _("This person cannot be found. Search again")
ALREADY_THERE = _("This person is registered already. Search for them")
TRAVELS_WITH_NOBODY = _("That turn does not exist in this office. Correct it or leave it empty")


@dataclass(frozen=True)
class ArrivalFacts:
    """What an arrival says, in codes: what a correction may change."""

    point: str
    arrived_at: datetime
    handed_over_by: str
    last_us_state: str
    time_in_us: str
    mode: str
    accompaniment: str

    def to_json(self) -> dict[str, Any]:
        """Return what a version keeps."""
        return asdict(self) | {"arrived_at": self.arrived_at.isoformat()}


@command(REGISTER)
def register(actor: Actor, command_id: UUID, payload: dict[str, Any]) -> dict[str, Any]:
    """Carry out `reception.register`; returns person_id, arrival_id and turn.

    Raises:
        InvalidPayload: with every problem of form or fact.
        NotAllowed: where the actor registers nobody in that office.
    """
    arrival = register_arrival(actor=actor, said=parse_payload(payload), now=timezone.now())
    return {"person_id": str(arrival.person_id), "arrival_id": str(arrival.pk), "turn": arrival.turn}


@transaction.atomic
def register_arrival(*, actor: Actor, said: RegisterArrival, now: datetime) -> Arrival:
    """Register an arrival with everything that was said of it, or nothing.

    Raises:
        InvalidPayload: with every problem found.
        NotAllowed: where the actor registers nobody in that office.
    """
    require_in_office(actor, REGISTER_ARRIVAL, said.office_id)
    known, birth = _find_birth(actor, said, now)
    problems = find_problems(said, birth, now)
    if problems:
        raise InvalidPayload(problems)
    person = known or _register_new_person(actor, said, now)
    arrival = _record_arrival(actor, said, person, birth, now)
    _record_what_was_said(actor, said, arrival, now)
    enter_queue(actor=actor, arrival=arrival, now=now)
    _hand_over_if_needed(actor, said, arrival, now)
    record_event(
        actor=actor, verb=REGISTERED, record_type="arrival", record_id=arrival.pk, person_id=person.pk,
        office_id=arrival.office_id, purpose=Purpose.RECEPTION, at=now, detail={"turn": arrival.turn},
    )  # fmt: skip
    return arrival


@transaction.atomic
def correct_arrival(
    *,
    actor: Actor,
    arrival_id: UUID,
    facts: ArrivalFacts,
    reason: ArrivalVersion.Reason,
    purpose: Purpose,
    now: datetime,
) -> Arrival:
    """Append a version of an arrival; the earlier ones stay.

    Raises:
        InvalidPayload: where a fact is not possible.
        NotAllowed: also where there is no such arrival.
    """
    arrival = _lock_arrival(actor, arrival_id)
    require(actor, CORRECT_ARRIVAL, record_of(arrival.person), purpose, now)
    problems = _check_facts(facts)
    if problems:
        raise InvalidPayload(problems)
    was_alone = arrival.is_minor_alone
    arrival.version += 1
    _write_facts(arrival, facts, birth_of(arrival.person, read_person(arrival.person).identity))
    arrival.save()
    _append_version(arrival, facts, reason, actor, now)
    record_event(
        actor=actor, verb=CORRECTED, record_type="arrival", record_id=arrival.pk, person_id=arrival.person_id,
        office_id=arrival.office_id, purpose=purpose, at=now, detail={"version": arrival.version, "reason": reason},
    )  # fmt: skip
    if arrival.is_minor_alone and not was_alone:
        _hand_over(actor, arrival, Service.PROTECTION, [Reason.MINOR_ALONE], "", now)
    return arrival


@transaction.atomic
def mark_service(
    *, actor: Actor, arrival_id: UUID, service: str, is_given: bool, now: datetime
) -> None:
    """Mark that a service was given, or take a wrong mark back; each mark is a row of its own.

    Raises:
        InvalidPayload: for a service that the list does not have.
        NotAllowed: also where there is no such arrival.
    """
    arrival = Arrival.objects.visible_to(actor, CORRECT_ARRIVAL).filter(pk=arrival_id).first()
    if arrival is None:
        raise NotAllowed(CORRECT_ARRIVAL.name)
    if service not in catalogue.services():
        raise InvalidPayload([FieldProblem("services", _("This service is not in the list of this office"))])
    ServiceGiven.objects.create(
        arrival=arrival, person_id=arrival.person_id, office_id=arrival.office_id, service=service,
        is_given=is_given, at=now, by=actor.id,
    )  # fmt: skip
    record_event(
        actor=actor, verb=SERVED, record_type="arrival", record_id=arrival.pk, person_id=arrival.person_id,
        office_id=arrival.office_id, purpose=Purpose.RECEPTION, at=now,
        detail={"service": service, "is_given": is_given},
    )  # fmt: skip


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    arrival_id: UUID,
    service: Service,
    reasons: Sequence[Reason] = (Reason.ASKED_AT_DESK,),
    note: str,
    now: datetime,
) -> None:
    """Ask another service to go on with a person who was registered.

    Raises:
        NotAllowed: also where there is no such arrival.
    """
    arrival = Arrival.objects.visible_to(actor, VIEW_ARRIVALS).filter(pk=arrival_id).first()
    if arrival is None:
        raise NotAllowed(VIEW_ARRIVALS.name)
    _hand_over(actor, arrival, service, reasons, note, now)


def _find_birth(
    actor: Actor, said: RegisterArrival, now: datetime
) -> tuple[Person | None, PartialDate | None]:
    """Return the known person, taken in by this office, and the birth date that counts."""
    if said.identity is not None:
        if Person.objects.filter(pk=said.person_id).exists():
            raise InvalidPayload([FieldProblem("person_id", ALREADY_THERE)])
        return None, birth_of_part(said.identity.birth)
    try:
        with transaction.atomic():
            receive_person(actor=actor, person_id=said.person_id, office_id=said.office_id, now=now)
    except NotAllowed:
        raise InvalidPayload([FieldProblem("person_id", SEARCH_AGAIN)]) from None
    person = Person.objects.get(pk=said.person_id)
    return person, birth_of(person, read_person(person).identity)


def _register_new_person(actor: Actor, said: RegisterArrival, now: datetime) -> Person:
    identity = said.identity
    assert identity is not None  # noqa: S101 - the caller looked
    return register_person(
        actor=actor,
        office_id=said.office_id,
        person_id=said.person_id,
        identity=_build_identity(identity),
        facts=_build_facts(identity),
        is_identity_established=identity.is_established,
        now=now,
    )


def _build_identity(identity: IdentityPart) -> IdentityDocument:
    review = curp.review(identity.curp)
    return IdentityDocument(
        name=identity.name.build(),
        as_said=identity.as_said,
        birth_month=identity.birth.month if identity.birth else None,
        birth_day=identity.birth.day if identity.birth else None,
        curp=review.curp,
        curp_state=review.state,
        papers=tuple(paper.build() for paper in identity.papers),
        phones=tuple(phone.build() for phone in identity.phones),
        mother=identity.mother,
        description=identity.description,
    )


def _build_facts(identity: IdentityPart) -> PersonFacts:
    birth = birth_of_part(identity.birth)
    return PersonFacts(
        sex=identity.sex,
        birth_year=birth.year if birth else None,
        birth_precision=birth.precision if birth else Person.BirthPrecision.UNKNOWN,
        birth_state_id=identity.birth_state or None,
        birth_country_id=identity.birth_country or ("MX" if identity.birth_state else None),
        nationality_id=identity.nationality or None,
        home_state_id=identity.home_state or identity.home_municipality[:2] or None,
        home_municipality_id=identity.home_municipality or None,
        languages=tuple(identity.languages),
        needs_interpreter=identity.needs_interpreter,
    )


def _record_arrival(
    actor: Actor, said: RegisterArrival, person: Person, birth: PartialDate | None, now: datetime
) -> Arrival:
    part = said.arrival
    point = ReceptionPoint.objects.get(pk=part.point)
    facts = ArrivalFacts(
        part.point, part.arrived_at, part.handed_over_by, part.last_us_state, part.time_in_us,
        part.mode or point.mode, part.accompaniment,
    )  # fmt: skip
    line = claim_line(actor=actor, office_id=said.office_id, line_id=part.line_id, person=person, now=now)
    office = Office.objects.get(pk=said.office_id)
    day = timezone.localdate(now, ZoneInfo(office.time_zone))
    arrival = Arrival(
        id=part.id, person=person, office_id=said.office_id, line=line,
        manifest_id=line.manifest_id if line else part.manifest_id,
        travel_group=_join_group(actor, said, person, now), turn_day=day,
        turn_number=_take_turn(said.office_id, day), code=secrets.token_urlsafe(CODE_BYTES),
        registered_at=now, registered_by=actor.id,
    )  # fmt: skip
    _write_facts(arrival, facts, birth)
    arrival.save(force_insert=True)
    _append_version(arrival, facts, ArrivalVersion.Reason.REGISTERED, actor, now)
    return arrival


def _write_facts(arrival: Arrival, facts: ArrivalFacts, birth: PartialDate | None) -> None:
    day = timezone.localdate(facts.arrived_at)
    entry = catalogue.accompaniments()[facts.accompaniment]
    arrival.point_id = facts.point
    arrival.arrived_at = facts.arrived_at
    arrival.handed_over_by = facts.handed_over_by
    arrival.last_us_state = facts.last_us_state
    arrival.time_in_us = facts.time_in_us
    arrival.mode = facts.mode
    arrival.accompaniment = facts.accompaniment
    arrival.is_minor_alone = entry.says("hand_over") or (is_surely_minor(birth, day) and not entry.says("minor"))
    arrival.birth_year = birth.year if birth else None
    arrival.age_at_arrival = find_age_range(birth, day)[0] if birth else None


def _append_version(
    arrival: Arrival, facts: ArrivalFacts, reason: ArrivalVersion.Reason, actor: Actor, now: datetime
) -> None:
    ArrivalVersion.objects.create(
        arrival=arrival, person_id=arrival.person_id, office_id=arrival.office_id, version=arrival.version,
        facts=facts.to_json(), reason=reason, made_at=now, made_by=actor.id,
    )  # fmt: skip


def _record_what_was_said(actor: Actor, said: RegisterArrival, arrival: Arrival, now: datetime) -> None:
    about: dict[str, Any] = {
        "arrival": arrival, "person_id": arrival.person_id, "office_id": arrival.office_id, "at": now, "by": actor.id,
    }  # fmt: skip
    ServiceGiven.objects.bulk_create(ServiceGiven(service=code, **about) for code in dict.fromkeys(said.services))
    IdentityAnswer.objects.bulk_create(
        IdentityAnswer(candidate_id=answer.candidate_id, answer=answer.answer, **about) for answer in said.answers
    )
    if said.consents.decisions:
        record_consents(
            actor=actor, person_id=arrival.person_id, office_id=arrival.office_id,
            decisions=dict(said.consents.decisions), language=said.consents.language, means=said.consents.means,
            capacity=said.consents.capacity, has_interpreter=said.consents.has_interpreter,
            witness=said.consents.witness,
            purpose=Purpose.RECEPTION, now=now,
        )  # fmt: skip
    if said.immediate_need:
        need_id = make_id()
        ImmediateNeed.objects.create(
            id=need_id, sealed=seal_note(open_key_of(arrival.person), NEED, need_id, said.immediate_need), **about
        )


def _hand_over_if_needed(actor: Actor, said: RegisterArrival, arrival: Arrival, now: datetime) -> None:
    reasons = []
    if arrival.is_minor_alone:
        reasons.append(Reason.MINOR_ALONE)
    if said.in_danger == "yes":
        reasons.append(Reason.IN_DANGER)
    if reasons:
        _hand_over(actor, arrival, Service.PROTECTION, reasons, said.immediate_need, now)
    if said.hand_over is not None:
        service = Service(said.hand_over.service)
        _hand_over(actor, arrival, service, [Reason.ASKED_AT_DESK], said.hand_over.note, now)


def _hand_over(
    actor: Actor, arrival: Arrival, service: Service, reasons: Sequence[Reason], note: str, now: datetime
) -> None:
    send_handover(
        actor=actor, person_id=arrival.person_id, office_id=arrival.office_id, service=service, reasons=reasons,
        note=note, arrival_id=arrival.pk, now=now,
    )  # fmt: skip
    # One mark at most: two would tell that there was more than one reason.
    if not OtherService.objects.filter(arrival=arrival).exists():
        OtherService.objects.create(
            arrival=arrival, person_id=arrival.person_id, office_id=arrival.office_id, at=now, by=actor.id
        )


def _join_group(actor: Actor, said: RegisterArrival, person: Person, now: datetime) -> TravelGroup | None:
    if said.travels_with is None:
        return None
    first: Arrival | None = (
        Arrival.objects.filter(pk=said.travels_with.arrival_id, office_id=said.office_id)
        .select_for_update(of=("self",))
        .first()
    )
    if first is None or first.person_id == person.pk:
        raise InvalidPayload([FieldProblem("travels_with.arrival_id", TRAVELS_WITH_NOBODY)])
    if first.travel_group is not None:
        add_to_travel_group(
            actor=actor, group=first.travel_group, person_id=person.pk, relation=said.travels_with.relation, now=now
        )
        return first.travel_group
    group = create_travel_group(
        actor=actor, office_id=said.office_id, now=now,
        members=[(first.person_id, TravelGroupMember.Relation.FIRST), (person.pk, said.travels_with.relation)],
    )  # fmt: skip
    first.travel_group = group
    first.save(update_fields=["travel_group"])
    return group


def _take_turn(office_id: UUID, day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reception_turncounter AS counter (office_id, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (office_id, day) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [office_id, day],
        )
        return int(cursor.fetchone()[0])


def _lock_arrival(actor: Actor, arrival_id: UUID) -> Arrival:
    arrival: Arrival | None = (
        Arrival.objects.visible_to(actor, CORRECT_ARRIVAL)
        .select_related("person")
        .select_for_update(of=("self",))
        .filter(pk=arrival_id)
        .first()
    )
    if arrival is None:
        raise NotAllowed(CORRECT_ARRIVAL.name)
    return arrival


def _check_facts(facts: ArrivalFacts) -> list[FieldProblem]:
    known: tuple[tuple[str, bool, str | Promise], ...] = (
        ("point", ReceptionPoint.objects.filter(pk=facts.point).exists(), CHOOSE_POINT),
        ("handed_over_by", facts.handed_over_by in catalogue.authorities(), CHOOSE_AUTHORITY),
        ("accompaniment", facts.accompaniment in catalogue.accompaniments(), CHOOSE_ACCOMPANIMENT),
    )
    return [FieldProblem(f"arrival.{name}", message) for name, holds, message in known if not holds]
