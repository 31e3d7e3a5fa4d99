"""Demo protection: three invented adults. One waits in the inbox, one has a case, one case waits to be closed."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from puente.engines.identity.names import PersonName
from puente.offices.models import Office
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, register_person
from puente.platform.policy import Actor, Purpose
from puente.platform.row_security import acting_as
from puente.protection.boxes import Service
from puente.protection.case_file import FollowUpKind, FollowUpResult
from puente.protection.contact import Channel, ContactInstructions
from puente.protection.handovers import Reason
from puente.protection.opening import OpenedCase
from puente.protection.safety import Risk, SafetyPlan, Step
from puente.protection.sealed import Compartment
from puente.protection.selectors.inbox import list_waiting
from puente.protection.services import open_case, send_handover
from puente.protection.services.cases import take_on
from puente.protection.services.closures import ClosureReason, ask_closure
from puente.protection.services.follow_ups import finish_follow_up, plan_follow_up
from puente.protection.services.plans import save_contact, save_safety_plan, write_note

#: Name, birth year, how many days ago the desk handed the person over, and under which turn.
PEOPLE = (
    (PersonName("Eréndira", "Huipe", "Cacari"), 1998, 9, "A-061"),
    (PersonName("Silvino", "Tepole", "Zepahua"), 1987, 40, "A-014"),
    (PersonName("Maura", "Xochihua", "Tlaxcala"), 1993, 0, "A-088"),
)


def create_demo(*, reception: Actor, protection: Actor, office: Office, now: datetime) -> None:
    """Hand three invented people over, and write the cases of the two that were taken on."""
    officer = replace(protection, step_up_at=timezone.now())
    first, second, _waiting = (
        _hand_over(reception, office, name, year, now - timedelta(days=days), turn) for name, year, days, turn in PEOPLE
    )
    with acting_as(officer):
        _write_plan(officer, _take_on(officer, first, now - timedelta(days=9)), now)
        _write_to_close(officer, _take_on(officer, second, now - timedelta(days=40)), now)


def _hand_over(reception: Actor, office: Office, name: PersonName, year: int, at: datetime, turn: str) -> str:
    with acting_as(reception):
        person = register_person(
            actor=reception, office_id=office.pk, identity=IdentityDocument(name),
            facts=PersonFacts(sex="U", birth_year=year), now=at,
        )  # fmt: skip
        send_handover(
            actor=reception, person_id=person.pk, office_id=office.pk, service=Service.PROTECTION,
            reasons=[Reason.IN_DANGER], turn=turn, now=at,
        )  # fmt: skip
    return str(person.pk)


def _take_on(officer: Actor, person_id: str, at: datetime) -> OpenedCase:
    handover = list_waiting(officer).get(person_id=person_id)
    case = take_on(actor=officer, handover_id=handover.pk, now=at + timedelta(hours=2))
    return open_case(actor=officer, case_id=case.pk, purpose=Purpose.PROTECTION, now=at + timedelta(hours=2))


def _write_plan(officer: Actor, opened: OpenedCase, now: datetime) -> None:
    today = timezone.localdate(now)
    plan = SafetyPlan(
        Risk.HIGH,
        "Quien la reclutó sabe en qué colonia vive su hermana y la ha buscado ahí dos veces.",
        today + timedelta(days=5),
        safe_places="El refugio. La parroquia, de día.",
        never_go="La colonia de la hermana. La central de autobuses, sola.",
        safe_person="Su tía, en Uruapan; contesta después de las seis.",
        code_word="capirotada",
        what_to_do="Llamar al refugio y decir la palabra clave. No esperar a la patrulla en la calle.",
        ready=(Step.SAFE_PLACE, Step.CODE_WORD, Step.NEW_PHONE),
    )
    contact = ContactInstructions(
        frozenset({Channel.CALL, Channel.PAPER}),
        today + timedelta(days=21),
        frozenset(range(5)),
        time(10),
        time(17),
        "656 000 0112",
        say="Preguntar por el curso de repostería.",
        never="El nombre de la oficina, ni «repatriación».",
        if_another_answers="Colgar y anotarlo aquí.",
    )
    began = now - timedelta(days=8)
    save_safety_plan(actor=officer, opened=opened, plan=replace(plan, ready=(Step.SAFE_PLACE,)), now=began)
    save_contact(actor=officer, opened=opened, instructions=contact, now=began)
    call = plan_follow_up(
        actor=officer, opened=opened, kind=FollowUpKind.CALL, due_on=today - timedelta(days=6), words="A la tía",
        now=began,
    )  # fmt: skip
    finish_follow_up(
        actor=officer, opened=opened, follow_up_id=call, result=FollowUpResult.DONE, words="La recibe cuando quiera.",
        now=now - timedelta(days=6),
    )  # fmt: skip
    save_safety_plan(actor=officer, opened=opened, plan=plan, now=now - timedelta(days=5))
    plan_follow_up(
        actor=officer, opened=opened, kind=FollowUpKind.APPOINTMENT, due_on=today + timedelta(days=1),
        words="Psicóloga del refugio, 11:00", now=now - timedelta(days=5),
    )  # fmt: skip
    write_note(
        actor=officer, opened=opened, compartment=Compartment.TESTIMONY, replaces=None, now=now - timedelta(days=4),
        words="Pide que no se hable con su hermana hasta que ella lo haga primero.",
    )  # fmt: skip


def _write_to_close(officer: Actor, opened: OpenedCase, now: datetime) -> None:
    today, began = timezone.localdate(now), now - timedelta(days=38)
    plan = SafetyPlan(Risk.LOW, "Deuda con quien lo cruzó; ya no lo buscan.", today + timedelta(days=30))
    save_safety_plan(actor=officer, opened=opened, plan=plan, now=began)
    visit = plan_follow_up(
        actor=officer, opened=opened, kind=FollowUpKind.VISIT, due_on=today - timedelta(days=10), words="Al trabajo",
        now=began,
    )  # fmt: skip
    finish_follow_up(
        actor=officer, opened=opened, follow_up_id=visit, result=FollowUpResult.DONE, words="Está bien y trabaja.",
        now=now - timedelta(days=10),
    )  # fmt: skip
    ask_closure(
        actor=officer, opened=opened, reason=ClosureReason.GOALS_REACHED, open_points=[], now=now - timedelta(days=1),
        words="Vive con su familia desde hace un mes y nadie lo ha buscado.",
    )  # fmt: skip
