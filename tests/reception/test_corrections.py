from dataclasses import replace

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from puente.platform.policy import NotAllowed, Purpose
from puente.protection.models import Handover
from puente.reception.models import Arrival, ArrivalVersion
from puente.reception.payload import InvalidPayload
from puente.reception.services.corrections import correct_arrival
from puente.reception.services.facts import ArrivalFacts
from tests.reception.conftest import MINOR, POINT
from tests.reception.test_desk import BACKEND


def facts_of(arrival):
    return ArrivalFacts(
        arrival.point_id, arrival.arrived_at, arrival.handed_over_by, arrival.last_us_state, arrival.time_in_us,
        arrival.mode, arrival.accompaniment,
    )  # fmt: skip


def correct(actor, arrival, **changes):
    return correct_arrival(
        actor=actor, arrival_id=arrival.pk, facts=replace(facts_of(arrival), **changes),
        reason=ArrivalVersion.Reason.SAID_OTHERWISE, purpose=Purpose.RECEPTION, now=timezone.now(),
    )  # fmt: skip


def test_a_correction_is_a_new_version_and_the_earlier_one_stays(cast, acting, send):
    send()
    with acting(cast.reception):
        corrected = correct(cast.reception, Arrival.objects.get(), handed_over_by="ice")
        assert (corrected.version, corrected.handed_over_by) == (2, "ice")
        said = dict(ArrivalVersion.objects.values_list("version", "facts__handed_over_by"))
        assert said == {1: "border_patrol", 2: "ice"}


def test_versions_cannot_be_changed_even_by_the_application(cast, acting, send):
    send()
    with acting(cast.reception):
        for sql in ("UPDATE reception_arrivalversion SET version = 9", "DELETE FROM reception_servicegiven"):
            with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def test_an_impossible_correction_changes_nothing(cast, acting, send):
    send()
    with acting(cast.reception):
        with pytest.raises(InvalidPayload):
            correct(cast.reception, Arrival.objects.get(), handed_over_by="nobody")
        assert Arrival.objects.get().version == 1


def test_a_child_who_turns_out_to_be_alone_is_handed_over(cast, acting, send):
    send(identity=MINOR, arrival={"accompaniment": "minor_with_parent"})
    with acting(cast.reception):
        correct(cast.reception, Arrival.objects.get(), accompaniment="minor_alone")
    with acting(cast.protection):
        assert Handover.objects.count() == 1


def test_who_only_reads_corrects_nothing(cast, acting, send):
    send()
    for role in ("counsellor", "coordinator", "protection", "far_reception"):
        actor = cast.actors[role]
        with acting(cast.reception):
            arrival = Arrival.objects.get()
        with acting(actor), pytest.raises(NotAllowed):
            correct(actor, arrival)


def test_the_page_shows_the_correction_in_place_with_what_it_said_before(client, cast, send):
    arrival_id = send()["arrival_id"]
    client.force_login(cast.users["reception"], backend=BACKEND)
    now = timezone.localtime()
    address = reverse("reception:correct", args=[arrival_id])
    sent = {
        "point": POINT, "day": now.date().isoformat(), "hour": "00:05", "handed_over_by": "ice",
        "accompaniment": "adult_alone", "reason": "typed_wrong",
    }  # fmt: skip
    missing = client.post(address, sent | {"reason": ""})
    assert missing.status_code == 422
    assert missing.content.decode().count("Elija por qué se corrige") == 2
    assert client.post(address, sent).status_code == 302
    page = client.get(reverse("reception:arrival", args=[arrival_id])).content.decode()
    assert "se escribió mal" in page
    assert "Patrulla Fronteriza" in page
    assert "ICE" in page
