from types import SimpleNamespace

import pytest
from django.utils import timezone

from puente.engines.instruments import DECLINED, find_missing, read_reply
from puente.needs.services import answer_step, finish_assessment, open_assessment, start_assessment
from tests.needs.people import receive


@pytest.fixture
def arrived(cast, acting):
    """A woman who has just arrived at the bridge."""
    with acting(cast.reception):
        person_id, arrival_id = receive(cast.reception, cast.bridge)
    return SimpleNamespace(person_id=person_id, arrival_id=arrival_id)


@pytest.fixture
def assess(cast, acting, arrived):
    """Asks and finishes an assessment: `assess(health_now=["medicine"])`; what is required and not said is declined."""

    def run(**said):
        now = timezone.now()
        with acting(cast.counsellor):
            response = start_assessment(
                actor=cast.counsellor, person_id=arrived.person_id, office_id=cast.bridge.pk, now=now
            )
            say(cast.counsellor, response.pk, **said)
            opened = open_assessment(actor=cast.counsellor, response_id=response.pk)
            missing = {question.name: DECLINED for question in find_missing(opened.definition, opened.replies)}
            answer_step(actor=cast.counsellor, response_id=response.pk, replies=missing, now=now)
            return finish_assessment(actor=cast.counsellor, response_id=response.pk, now=now)

    return run


def say(actor, response_id, **said):
    """Note what a person says to questions by name."""
    definition = open_assessment(actor=actor, response_id=response_id).definition
    replies = {name: read_reply(definition.find_question(name), value) for name, value in said.items()}
    return answer_step(actor=actor, response_id=response_id, replies=replies, now=timezone.now())
