"""How soon the office responds: numbers without anybody in them, and no small one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.disclosure import THRESHOLD
from puente.platform.row_security import acting_as
from puente.protection.sealed import Compartment
from puente.protection.services import count_responses, create_case, write_entry
from puente.protection.services.inbox import Reason, Service, send_handover
from puente.protection.services.responses import band_responses
from tests.protection.cases import open_for


@given(hours=st.lists(st.floats(0, 500), max_size=60).map(sorted))
def test_no_published_number_is_small_and_none_is_lost(hours):
    figures = band_responses(hours)
    if len(hours) < THRESHOLD:
        assert (figures.answered, figures.median_hours, figures.bands) == (None, None, ())
    else:
        assert figures.answered == len(hours)
        assert sum(count for _end, count in figures.bands) == len(hours)
        assert all(count >= THRESHOLD for _end, count in figures.bands)


def test_a_small_last_band_joins_the_one_before():
    assert band_responses([1.0] * 6 + [100.0]).bands == ((None, 7),)
    assert band_responses([1.0] * 6 + [30.0] * 5).bands == ((4, 6), (72, 5))


@pytest.mark.django_db
def test_the_hours_from_hand_over_to_the_first_entry_are_counted_for_the_pilot_alone(cast, officer, person):
    now = timezone.now()
    with acting_as(cast.reception):
        send_handover(
            actor=cast.reception, person_id=person.pk, office_id=cast.bridge.pk, service=Service.PROTECTION,
            reasons=[Reason.IN_DANGER], now=now - timedelta(hours=6),
        )  # fmt: skip
    with acting_as(officer):
        case = create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=now)
        opened = open_for(officer, case)
        write_entry(actor=officer, opened=opened, compartment=Compartment.PLAN, topic="note", content={}, now=now)
    period = {"office_id": cast.bridge.pk, "since": now - timedelta(days=1), "until": now + timedelta(days=1)}
    for role, hours in (("coordinator", [6.0]), ("protection", [6.0]), ("reception", []), ("counsellor", [])):
        with acting_as(cast.actors[role]):
            assert read_hours(**period) == hours, role
            assert count_responses(actor=cast.actors[role], **period).answered is None


def read_hours(office_id, since, until):
    with connection.cursor() as cursor:
        cursor.execute("SELECT round(hours) FROM puente_response_hours(%s, %s, %s) AS hours", [office_id, since, until])
        return [row[0] for row in cursor.fetchall()]
