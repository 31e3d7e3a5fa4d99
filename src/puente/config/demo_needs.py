"""Demo needs: invented people say what they need, and the office has begun to act on some of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from puente.engines.instruments import DECLINED, Definition, Reply, find_missing, list_relevant, read_reply
from puente.needs.models import Need
from puente.needs.selectors import list_needs_of, list_responsible
from puente.needs.services import (
    Plan,
    answer_step,
    correct_answer,
    finish_assessment,
    open_assessment,
    plan_need,
    start_assessment,
    update_need,
)
from puente.platform.policy import Actor

#: What people who arrive at the bridge say, with how often; what is not here they pass over.
SAID: dict[str, list[tuple[object, int]]] = {
    "safety_now": [(["no"], 9), (None, 1)],
    "safety_help": [(["none"], 5), (["phone"], 3), (["know_numbers"], 1)],
    "safety_phone": [("yes", 5), ("only_messages", 3), ("through_someone", 1)],
    "health_now": [(["none"], 6), (["pain_now"], 3), (["medicine", "chronic"], 2), (["teeth_eyes"], 1)],
    "health_medicine": [("Metformina, quedan cuatro días", 1), ("Losartán, se acabó ayer", 1)],
    "shelter_tonight": [("travelling", 4), ("yes", 3), ("no", 3)],
    "shelter_needs": [(["food"], 3), (["clothes", "bath"], 3), (["none"], 2)],
    "shelter_home": [("family", 6), ("nobody", 1), ("unknown", 1)],
    "family_call": [("yes", 5), ("needs_call", 4)],
    "family_separated": [(["none"], 6), (["children_us"], 2), (["partner_us", "children_us"], 1)],
    "psychosocial_now": [(["well"], 4), (["cannot_sleep"], 3), (["sad_worried"], 2), (["talk"], 1)],
    "papers_missing": [(["curp"], 3), (["identity", "birth_certificate"], 3), (["left_in_us"], 2), (["none"], 2)],
    "papers_registered": [("yes", 6), ("no", 1)],
    "travel_plan": [("home", 7), ("other_place", 1), ("stay", 1), ("undecided", 1)],
    "travel_needs": [(["ticket", "food_road"], 4), (["ticket", "transfer"], 3), (["none"], 1)],
    "legal_now": [(["none"], 6), (["unpaid_wages"], 3), (["us_case"], 1)],
    "money_now": [(["nothing"], 4), (["check_card"], 2), (["receive_transfer"], 2), (["enough"], 2)],
    "money_dependants": [("one_or_two", 3), ("three_or_four", 3), ("nobody", 2)],
    "work_wants": [("yes_home", 7), ("yes_here", 1), ("later", 2)],
    "work_help": [(["job_offer"], 4), (["job_offer", "tools"], 2), (["training"], 2), (["own_business"], 1)],
    "education_now": [(["none"], 5), (["certify_skills"], 3), (["children_school"], 1)],
}
MINUTES_TO_ASK = 12
SHARE_UNDER_WAY = 0.1


def create_demo(
    *, counsellor: Actor, office_id: UUID, person_ids: Iterable[UUID], now: datetime, seed: int = 2026
) -> int:
    """Let people say what they need; returns how many needs were noted. Runs inside `acting_as(counsellor)`.

    Args:
        person_ids: people whom the office serves; some of them are left in the middle of the questions.
        now: until when the assessments were made.
    """
    random = Random(seed)
    staff = [user.pk for user in list_responsible(office_id)]
    total = 0
    for person_id in person_ids:
        began = now - timedelta(minutes=random.randint(20, 300))
        response = start_assessment(actor=counsellor, person_id=person_id, office_id=office_id, now=began)
        opened = open_assessment(actor=counsellor, response_id=response.pk)
        stops = random.random() < SHARE_UNDER_WAY
        replies = _draw_replies(random, opened.definition, most_steps=4 if stops else len(opened.definition.steps))
        answer_step(actor=counsellor, response_id=response.pk, replies=replies, now=began + timedelta(minutes=3))
        if stops:
            continue
        finished = began + timedelta(minutes=MINUTES_TO_ASK)
        finish_assessment(actor=counsellor, response_id=response.pk, now=finished)
        needs = list_needs_of(counsellor, person_id)
        total += len(needs)
        for need in needs:
            _act(random, counsellor, need, staff, finished + timedelta(minutes=5))
        if random.random() < SHARE_UNDER_WAY:
            _correct_the_plan(counsellor, response.pk, finished + timedelta(minutes=8))
    return total


def _draw_replies(random: Random, definition: Definition, most_steps: int) -> dict[str, Reply]:
    replies: dict[str, Reply] = {}
    for step in definition.steps[:most_steps]:
        for question in step.questions:
            if question not in list_relevant(definition, replies, step):
                continue
            options = SAID.get(question.name, [(None, 1)])
            said = random.choices([value for value, _ in options], [weight for _, weight in options])[0]
            if said is not None or not question.is_required:
                replies[question.name] = read_reply(question, said)
            else:
                replies[question.name] = DECLINED
    if most_steps == len(definition.steps):
        replies |= {question.name: DECLINED for question in find_missing(definition, replies)}
    return replies


def _act(random: Random, counsellor: Actor, need: Need, staff: list[UUID], now: datetime) -> None:
    chance = random.random()
    if chance < 0.35:
        plan = Plan(need.urgency, need.service_id, need.due_on, random.choice(staff))
        plan_need(actor=counsellor, need_id=need.pk, plan=plan, now=now)
    if chance < 0.2:
        update_need(actor=counsellor, need_id=need.pk, status=Need.Status.REFERRED, now=now)
    elif chance > 0.75:
        update_need(actor=counsellor, need_id=need.pk, status=Need.Status.MET, now=now)


def _correct_the_plan(counsellor: Actor, response_id: UUID, now: datetime) -> None:
    opened = open_assessment(actor=counsellor, response_id=response_id)
    question = opened.definition.find_question("travel_plan")
    assert question is not None, "the assessment asks for the plan to travel"  # noqa: S101
    correct_answer(
        actor=counsellor, response_id=response_id, question=question.name, reply=read_reply(question, "stay"),
        reason="Espera a su hermano", now=now,
    )  # fmt: skip
