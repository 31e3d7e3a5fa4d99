from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from puente.audit.models import Event
from puente.people.models import ConsentDecision, Person, TravelGroupMember
from puente.people.selectors import name_people
from puente.platform.commands import CommandConflict, execute
from puente.platform.ids import make_id
from puente.platform.policy import NotAllowed
from puente.protection.models import Handover
from puente.reception.models import Arrival, ArrivalVersion, IdentityAnswer, OtherService, QueuePlace, ServiceGiven
from puente.reception.payload import InvalidPayload
from puente.reception.selectors.arrivals import read_immediate_need
from puente.reception.services.arrivals import REGISTER
from tests.reception.conftest import MINOR, build_payload


def paths(refused):
    return {problem.path for problem in refused.value.problems}


def test_one_command_writes_person_arrival_services_consents_need_and_place(cast, acting, send):
    answer = send()
    with acting(cast.reception):
        arrival = Arrival.objects.select_related("person").get(pk=answer["arrival_id"])
        assert answer["turn"] == arrival.turn == "A-001"
        assert name_people(cast.reception, [arrival.person_id])[arrival.person_id].first_surname == "Ávalos"
        assert arrival.age_at_arrival >= 34
        assert set(arrival.services.values_list("service", flat=True)) == {"water_food", "phone_call"}
        assert dict(ConsentDecision.objects.values_list("purpose", "decision")) == {
            "care": "given", "work_search": "refused",
        }  # fmt: skip
        assert read_immediate_need(cast.reception, arrival) == "Dolor de rodilla"
        assert QueuePlace.objects.get(pk=arrival.pk).stage == "arrival"
        assert arrival.versions.get().facts["handed_over_by"] == "border_patrol"
        assert set(Event.objects.filter(person_id=arrival.person_id).values_list("verb", flat=True)) >= {
            "person.registered", "arrival.registered", "consent.recorded",
        }  # fmt: skip


def test_turns_follow_each_other_in_one_office_and_day(send):
    assert [send()["turn"] for _ in range(3)] == ["A-001", "A-002", "A-003"]


def test_the_turn_after_the_last_of_a_letter_begins_the_next_letter():
    assert Arrival(turn_number=999).turn == "A-999"
    assert Arrival(turn_number=1000).turn == "B-001"


def test_a_command_sent_twice_takes_effect_once(cast, acting):
    payload, command_id = build_payload(cast.bridge.id), make_id()
    with acting(cast.reception):
        first = execute(actor=cast.reception, name=REGISTER, command_id=command_id, payload=payload)
        second = execute(actor=cast.reception, name=REGISTER, command_id=command_id, payload=payload)
        assert (first.repeated, second.repeated) == (False, True)
        assert first.result == second.result
        assert Arrival.objects.count() == Person.objects.count() == 1


def test_the_same_id_with_another_payload_is_refused(cast, acting):
    command_id = make_id()
    with acting(cast.reception):
        execute(actor=cast.reception, name=REGISTER, command_id=command_id, payload=build_payload(cast.bridge.id))
        with pytest.raises(CommandConflict):
            execute(actor=cast.reception, name=REGISTER, command_id=command_id, payload=build_payload(cast.bridge.id))
        assert Arrival.objects.count() == 1


def test_a_refused_registration_leaves_nothing_behind(cast, acting, send):
    with pytest.raises(InvalidPayload):
        send(travels_with={"arrival_id": str(make_id()), "relation": "child"})
    with acting(cast.reception):
        assert not Person.objects.exists()
        assert not Arrival.objects.exists()
        assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"arrival": {"point": "nowhere"}}, "arrival.point"),
        ({"arrival": {"handed_over_by": ""}}, "arrival.handed_over_by"),
        ({"arrival": {"accompaniment": "nobody"}}, "arrival.accompaniment"),
        ({"arrival": {"last_us_state": "ZZ"}}, "arrival.last_us_state"),
        ({"arrival": {"time_in_us": "ages"}}, "arrival.time_in_us"),
        ({"arrival": {"arrived_at": "2026-11-23T10:00:00"}}, "arrival.arrived_at"),
        ({"arrival": {"arrived_at": (timezone.now() + timedelta(hours=2)).isoformat()}}, "arrival.arrived_at"),
        ({"arrival": {"point": "aifa", "arrived_at": "2019-05-05T10:00:00-06:00"}}, "arrival.point"),
        ({"services": ["massage"]}, "services"),
        ({"consents": {"decisions": {"care": "given"}, "means": ""}}, "consents.means"),
        ({"consents": {"decisions": {"anything": "given"}}}, "consents.decisions"),
        ({"identity": {"name": {}}}, "identity.name"),
        ({"identity": {"birth": {"year": 1990, "month": 2, "day": 30}}}, "identity.birth"),
        ({"identity": {"birth": {"year": 2150}}}, "identity.birth"),
        ({"identity": {"sex": "Q"}}, "identity.sex"),
        ({"identity": {"birth_state": "77"}}, "identity.birth_state"),
        ({"identity": {"birth_country": "GT"}}, "identity.birth_state"),
        ({"identity": {"nationality": "ZZ"}}, "identity.nationality"),
        ({"identity": {"home_state": "08", "home_municipality": "16112"}}, "identity.home_municipality"),
        ({"identity": {"languages": ["klingon"]}}, "identity.languages"),
        ({"identity": {"is_established": False, "name": {}}}, "identity.description"),
        ({"identity": {"phones": [{"number": "call me"}]}}, "identity.phones.0.number"),
        ({"identity": MINOR}, "arrival.accompaniment"),
        ({"arrival": {"accompaniment": "minor_alone"}}, "arrival.accompaniment"),
        ({"surprise": 1}, "surprise"),
        ({"in_danger": "maybe"}, "in_danger"),
    ],
)
def test_each_impossible_fact_is_named_by_its_path(send, changes, path):
    with pytest.raises(InvalidPayload) as refused:
        send(**changes)
    assert path in paths(refused)
    assert all(str(problem.message) for problem in refused.value.problems)


def test_all_problems_are_told_at_once(send):
    with pytest.raises(InvalidPayload) as refused:
        send(arrival={"handed_over_by": "", "accompaniment": ""}, identity={"name": {}})
    assert paths(refused) >= {"arrival.handed_over_by", "arrival.accompaniment", "identity.name"}


def test_an_unknown_known_person_is_asked_to_be_searched_again(send):
    with pytest.raises(InvalidPayload) as refused:
        send(identity=None)
    assert paths(refused) == {"person_id"}


def test_a_person_without_established_identity_is_registered_by_description(cast, acting, send):
    answer = send(
        identity={"is_established": False, "name": {}, "birth": {"year": 1966, "is_estimated": True},
                  "description": "Hombre de unos 60 años, suéter verde"}
    )  # fmt: skip
    with acting(cast.reception):
        person = Person.objects.get(pk=answer["person_id"])
        assert not person.is_identity_established
        assert person.birth_precision == "estimated"


def test_a_known_person_of_another_office_is_taken_in_and_keeps_the_earlier_return(cast, acting, send):
    first = send()
    with acting(cast.far_reception):
        payload = build_payload(
            cast.tapachula.id, person_id=first["person_id"], identity=None, arrival={"point": "tapachula"},
            answers=[{"candidate_id": first["person_id"], "answer": "is"}],
        )  # fmt: skip
        execute(actor=cast.far_reception, name=REGISTER, command_id=make_id(), payload=payload)
        assert Arrival.objects.filter(person_id=first["person_id"]).count() == 2
        assert IdentityAnswer.objects.get().answer == "is"


def test_nobody_is_registered_for_another_office(cast, send):
    for role in ("far_reception", "counsellor", "coordinator", "administrator", "protection"):
        with pytest.raises(NotAllowed):
            send(actor=cast.actors[role])


@pytest.mark.parametrize(
    "changes",
    [
        {"identity": MINOR, "arrival": {"accompaniment": "minor_alone"}},
        {"identity": MINOR, "arrival": {"accompaniment": "minor_with_relative"}},
        {"in_danger": "yes"},
        {"hand_over": {"service": "medical", "note": "fiebre"}},
    ],
)
def test_every_hand_over_leaves_the_same_mark_and_goes_where_the_desk_cannot_look(cast, acting, send, changes):
    answer = send(**changes)
    with acting(cast.reception):
        assert OtherService.objects.filter(arrival_id=answer["arrival_id"]).count() == 1
        assert not Handover.objects.exists()
        assert Event.objects.filter(verb="person.continues").count() == 1
        assert not Event.objects.filter(verb__startswith="handover").exists()
    with acting(cast.protection):
        assert Handover.objects.get().arrival_id.hex == answer["arrival_id"].replace("-", "")


def test_two_reasons_leave_one_mark(cast, acting, send):
    answer = send(
        identity=MINOR, arrival={"accompaniment": "minor_alone"}, in_danger="yes", hand_over={"service": "medical"}
    )
    with acting(cast.reception):
        assert OtherService.objects.filter(arrival_id=answer["arrival_id"]).count() == 1


def test_a_child_with_a_parent_and_an_adult_in_no_danger_are_not_handed_over(cast, acting, send):
    send()
    send(identity=MINOR, arrival={"accompaniment": "minor_with_parent"})
    with acting(cast.protection):
        assert not Handover.objects.exists()


def test_who_travels_together_becomes_one_group(cast, acting, send):
    mother = send()
    children = [
        send(
            identity=MINOR, arrival={"accompaniment": "minor_with_parent"},
            travels_with={"arrival_id": mother["arrival_id"], "relation": "child"},
        )
        for _ in range(2)
    ]  # fmt: skip
    with acting(cast.reception):
        groups = set(Arrival.objects.values_list("travel_group", flat=True))
        assert len(groups) == 1
        assert TravelGroupMember.objects.count() == 1 + len(children)


def test_no_word_that_was_said_stands_in_a_column(cast, acting, send):
    send(
        immediate_need="palabra reservada", in_danger="yes", hand_over={"service": "legal", "note": "palabra reservada"}
    )
    tables = [model._meta.db_table for model in (Arrival, ArrivalVersion, ServiceGiven, OtherService, QueuePlace)]
    tables += ["reception_immediateneed", "protection_handover", "audit_event", "platform_commandreceipt"]
    for role in ("reception", "protection", "administrator"):
        with acting(cast.actors[role]), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} AS t")
                text = cursor.fetchone()[0]
                assert "palabra" not in text, table
                assert "valos" not in text, table


def test_the_curp_is_reviewed_and_never_refused(cast, acting, send):
    answer = send(identity={"curp": "aacm 920314 hmn"})
    assert answer["turn"]
