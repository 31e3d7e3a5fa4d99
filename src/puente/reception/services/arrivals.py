"""Registering an arrival: the command that desk and tablet both send."""

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
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
    register_person,
)
from puente.platform.commands import command
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, require_in_office
from puente.protection.services import Reason, Service
from puente.reception.models import (
    Arrival,
    ArrivalVersion,
    IdentityAnswer,
    ImmediateNeed,
    ServiceGiven,
)
from puente.reception.payload import FieldProblem, IdentityPart, InvalidPayload, RegisterArrival, parse_payload
from puente.reception.policies import REGISTER_ARRIVAL
from puente.reception.services.facts import ArrivalFacts, append_version, write_facts
from puente.reception.services.handovers import hand_over_person
from puente.reception.services.manifests import claim_line
from puente.reception.services.queue import enter_queue
from puente.reception.services.rules import (
    birth_of_part,
    find_problems,
)

REGISTER = "reception.register"
REGISTERED = register_verb("arrival.registered", gettext_noop("registered the arrival"))
NEED = "immediate_need"
CODE_BYTES = 9

SEARCH_AGAIN = _("This person cannot be found. Search again")
ALREADY_THERE = _("This person is registered already. Search for them")
TRAVELS_WITH_NOBODY = _("That turn does not exist in this office. Correct it or leave it empty")


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


def _find_birth(actor: Actor, said: RegisterArrival, now: datetime) -> tuple[Person | None, PartialDate | None]:
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
    write_facts(arrival, facts, birth)
    arrival.save(force_insert=True)
    append_version(arrival, facts, ArrivalVersion.Reason.REGISTERED, actor, now)
    return arrival


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
        hand_over_person(actor, arrival, Service.PROTECTION, reasons, said.immediate_need, now)
    if said.hand_over is not None:
        service = Service(said.hand_over.service)
        hand_over_person(actor, arrival, service, [Reason.ASKED_AT_DESK], said.hand_over.note, now)


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
