"""Commands as JSON, as an offline tablet sends them; and that no payload, however odd, breaks or half-writes."""

import json

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puente.people.models import Person
from puente.platform.commands import execute
from puente.platform.ids import make_id
from puente.reception.models import Arrival
from puente.reception.payload import InvalidPayload, parse_payload
from puente.reception.services.arrivals import REGISTER
from tests.reception.conftest import build_payload
from tests.reception.test_desk import BACKEND

ADDRESS = "reception:commands"


def post(client, body):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(reverse(ADDRESS), content, content_type="application/json")


@pytest.fixture
def tablet(client, cast):
    client.force_login(cast.users["reception"], backend=BACKEND)
    return client


def test_a_command_is_carried_out_once_and_answers_the_same(tablet, cast, acting):
    command = {"id": str(make_id()), "name": REGISTER, "payload": build_payload(cast.bridge.id)}
    first, second = post(tablet, command).json(), post(tablet, command).json()
    assert first["result"] == second["result"]
    assert (first["repeated"], second["repeated"]) == (False, True)
    with acting(cast.reception):
        assert Arrival.objects.count() == 1


def test_errors_name_path_and_message_in_the_readers_language(tablet, cast):
    payload = build_payload(cast.bridge.id, arrival={"handed_over_by": ""})
    answer = post(tablet, {"id": str(make_id()), "name": REGISTER, "payload": payload})
    assert answer.status_code == 400
    assert answer.json() == {
        "errors": [{"path": "arrival.handed_over_by", "message": "Elija quién entregó a la persona"}]
    }


def test_an_id_used_for_something_else_is_a_conflict(tablet, cast):
    command_id = str(make_id())
    post(tablet, {"id": command_id, "name": REGISTER, "payload": build_payload(cast.bridge.id)})
    answer = post(tablet, {"id": command_id, "name": REGISTER, "payload": build_payload(cast.bridge.id)})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        ({"id": "x", "name": REGISTER, "payload": {}}, 400),
        ({"id": "0190b5a0-0000-7000-8000-000000000001", "name": "reception.fly", "payload": {}}, 404),
        ({"id": "0190b5a0-0000-7000-8000-000000000001", "name": REGISTER, "payload": {}}, 400),
        (b'{"x": "' + b"a" * 300_000 + b'"}', 400),
    ],
)
def test_what_is_no_command_is_refused_in_words(tablet, body, status):
    answer = post(tablet, body)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["message"]


def test_who_may_not_register_learns_nothing(client, cast):
    client.force_login(cast.users["liaison"], backend=BACKEND)
    command = {"id": str(make_id()), "name": REGISTER, "payload": build_payload(cast.bridge.id)}
    assert post(client, command).status_code == 404


def test_the_schema_is_published_for_other_clients(tablet):
    schema = tablet.get(reverse("reception:schema")).json()
    assert set(schema["required"]) == {"office_id", "person_id", "arrival"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
PARTS = ("office_id", "person_id", "identity", "arrival", "services", "consents", "in_danger", "travels_with")


@given(st.dictionaries(st.sampled_from(PARTS) | st.text(max_size=8), JSON, max_size=8))
def test_any_json_is_a_payload_or_a_list_of_problems(payload):
    problems = ()
    try:
        said = parse_payload(payload)
    except InvalidPayload as refused:
        problems = refused.problems
    assert problems or said
    assert all(str(problem.message) for problem in problems)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(("identity", "arrival", "consents")),
    name=st.sampled_from(("sex", "birth_state", "point", "accompaniment", "means", "curp", "home_municipality")),
    value=st.text(max_size=10) | st.integers() | st.none(),
)
def test_an_odd_value_registers_or_leaves_nothing(cast, acting, part, name, value):
    with acting(cast.reception):
        before = Person.objects.count(), Arrival.objects.count()
        payload = build_payload(cast.bridge.id, **{part: {name: value}})
        try:
            execute(actor=cast.reception, name=REGISTER, command_id=make_id(), payload=payload)
        except InvalidPayload:
            assert (Person.objects.count(), Arrival.objects.count()) == before
        else:
            assert (Person.objects.count(), Arrival.objects.count()) == (before[0] + 1, before[1] + 1)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_commands_in_any_order_and_number_of_times_take_effect_once_each(cast, acting, order):
    payloads = {number: (make_id(), build_payload(cast.bridge.id)) for number in range(4)}
    with acting(cast.reception):
        before = Arrival.objects.count()
        answers = {}
        for number in order:
            command_id, payload = payloads[number]
            outcome = execute(actor=cast.reception, name=REGISTER, command_id=command_id, payload=payload)
            assert answers.setdefault(number, outcome.result) == outcome.result
        assert Arrival.objects.count() == before + len(set(order))
