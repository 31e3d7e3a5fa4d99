from django.utils import timezone

from puente.config.demo_needs import SAID, create_demo
from puente.engines.instruments import read_reply
from puente.instruments.models import InstrumentVersion, Response
from puente.needs.models import Need
from tests.needs.people import receive


def test_everything_that_people_of_the_demo_say_is_an_answer_of_the_form(db):
    definition = InstrumentVersion.objects.latest("number").definition
    for name, options in SAID.items():
        question = definition.find_question(name)
        assert question is not None, name
        for said, _weight in options:
            read_reply(question, said)


def test_the_demo_leaves_needs_in_every_state_and_assessments_under_way(cast, acting):
    with acting(cast.reception):
        people = [receive(cast.reception, cast.bridge)[0] for _person in range(12)]
    with acting(cast.counsellor):
        total = create_demo(counsellor=cast.counsellor, office_id=cast.bridge.pk, person_ids=people, now=timezone.now())
        assert Need.objects.count() >= total > 20
        assert {"open", "referred", "met"} <= set(Need.objects.values_list("status", flat=True))
        assert set(Response.objects.values_list("status", flat=True)) == {"draft", "complete"}
