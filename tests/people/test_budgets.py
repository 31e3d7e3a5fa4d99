"""How many files one member of staff opens in an hour."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from puente.audit.models import Alert, Event
from puente.people.services import open_person
from puente.platform.policy import BudgetSpent, Purpose
from tests.people.test_services import register

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cast, acting, monkeypatch):
    monkeypatch.setattr(settings, "OPENS_PER_HOUR", 2)
    with acting(cast.reception):
        return [register(cast.reception, cast.bridge).pk for _ in range(3)]


def look_at(cast, person_id):
    open_person(actor=cast.counsellor, person_id=person_id, purpose=Purpose.COUNSELLING, now=timezone.now())


def test_the_file_of_one_more_person_is_refused_and_told_once(cast, acting, people):
    first, second, third = people
    with acting(cast.counsellor):
        look_at(cast, first)
        look_at(cast, second)
    with acting(cast.counsellor):
        for _ in range(2):
            with pytest.raises(BudgetSpent):
                look_at(cast, third)
        assert Event.objects.filter(verb="person.open_limited").count() == 1
        assert not Alert.objects.exists(), "whoever set it off is not told"
    with acting(cast.coordinator):
        assert Alert.objects.get().kind == Alert.Kind.OPEN_BUDGET


def test_a_file_of_the_hour_stays_open_to_work_on_and_the_next_hour_is_free(cast, acting, people):
    with acting(cast.counsellor):
        for person_id in people[:2] * 3:
            look_at(cast, person_id)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)), acting(cast.counsellor):
        look_at(cast, people[2])
