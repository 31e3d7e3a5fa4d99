"""Invented people: found like anybody, and whoever opens one is told of."""

import argparse
import io
import re

import pytest
from django.utils import timezone
from rich.console import Console

from puente.audit.models import Alert, Canary
from puente.engines.identity.facts import PersonQuery
from puente.people.console import plant_from_console
from puente.people.models import Person, PersonOffice
from puente.people.opening import read_person
from puente.people.selectors import find_people
from puente.people.services import open_person, plant_canaries
from puente.platform.policy import NotAllowed, Purpose
from puente.platform.row_security import acting_as
from tests.protection.conftest import person

pytestmark = pytest.mark.django_db
__all__ = ["person"]


@pytest.fixture
def canary(cast):
    with acting_as(cast.administrator):
        (person_id,) = plant_canaries(actor=cast.administrator, office_id=cast.bridge.pk, number=1, now=timezone.now())
    with acting_as(cast.reception):
        return Person.objects.get(pk=person_id)


def list_alerts_of(cast):
    with acting_as(cast.coordinator):
        return list(Alert.objects.order_by("at"))


def test_an_invented_person_is_found_and_listed_like_anybody(cast, canary):
    with acting_as(cast.counsellor):
        identity = read_person(canary).identity
        found = find_people(cast.counsellor, PersonQuery(identity.name))
        assert canary.pk in [one.person.pk for one in found]
        assert PersonOffice.objects.filter(person=canary, office=cast.bridge).exists()
    with acting_as(cast.far_counsellor):
        found = find_people(cast.far_counsellor, PersonQuery(identity.name))
        assert canary.pk in [one.person.pk for one in found]
    assert list_alerts_of(cast) == [], "finding is no opening"


def test_opening_one_raises_an_alert_in_the_same_transaction_and_only_once_an_hour(cast, canary):
    with acting_as(cast.counsellor):
        for _ in range(3):
            open_person(actor=cast.counsellor, person_id=canary.pk, purpose=Purpose.COUNSELLING, now=timezone.now())
        assert not Alert.objects.exists()
    (alert,) = list_alerts_of(cast)
    assert (alert.kind, alert.actor_id, alert.office_id) == ("canary", cast.counsellor.id, cast.bridge.pk)
    with acting_as(cast.reception):
        open_person(actor=cast.reception, person_id=canary.pk, purpose=Purpose.RECEPTION, now=timezone.now())
    assert [alert.actor_id for alert in list_alerts_of(cast)] == [cast.counsellor.id, cast.reception.id]


def test_opening_somebody_real_raises_none(cast, canary, person):
    with acting_as(cast.reception):
        open_person(actor=cast.reception, person_id=person.pk, purpose=Purpose.RECEPTION, now=timezone.now())
    assert list_alerts_of(cast) == []


@pytest.mark.parametrize("role", ["reception", "counsellor", "protection", "supervisor", "coordinator", "analyst"])
def test_who_opens_files_cannot_list_the_invented_ones(cast, canary, role):
    with acting_as(cast.actors[role]):
        assert not Canary.objects.exists()
    with acting_as(cast.actors[role]), pytest.raises(NotAllowed):
        plant_canaries(actor=cast.actors[role], office_id=cast.bridge.pk, number=1, now=timezone.now())


def test_the_record_of_events_does_not_tell_who_is_invented(visit, cast, canary):
    for role in ("coordinator", "supervisor"):
        page = visit(role, "/audit/").content.decode()
        assert "Planted invented files" in page
        assert str(canary.pk) not in page


def test_the_administrator_plants_on_a_page_and_sees_references_alone(visit, send, cast):
    assert "No file is invented yet" in visit("administrator", "/audit/canaries/").content.decode()
    wrong = send("administrator", "/people/invented/", office=str(cast.bridge.pk), number="90")
    assert wrong.status_code == 422
    assert "Write a number from 1 to 20" in wrong.content.decode()
    foreign = send("administrator", "/people/invented/", office=str(cast.tapachula.pk), number="2")
    assert foreign.status_code == 422
    assert send("administrator", "/people/invented/", office=str(cast.bridge.pk), number="2").status_code == 302
    with acting_as(cast.administrator):
        planted = set(Canary.objects.values_list("person_id", flat=True))
    assert len(planted) == 2
    page = visit("administrator", "/audit/canaries/").content.decode()
    assert all(str(person_id) in page for person_id in planted)
    for role in ("coordinator", "reception"):
        assert visit(role, "/audit/canaries/").status_code == 404
        assert visit(role, "/people/invented/").status_code == 404


def plant(office, number=2):
    said = io.StringIO()
    options = argparse.Namespace(office=office, number=number)
    return plant_from_console(options, Console(file=said, width=200)), said.getvalue()


def test_the_command_plants_and_says_what_is_wrong(cast):
    assert plant("juarez")[0] == 0
    with acting_as(cast.administrator):
        assert Canary.objects.count() == 2
    code, said = plant("atlantis")
    assert code == 1
    assert "juarez" in said
    assert plant("juarez", 0)[0] == 1


def test_invented_people_are_in_no_figure(visit, cast):
    def read_figures():
        page = visit("analyst", "/pilot/").content.decode()
        return re.findall(r">\s*([\d.,%–]+)\s*<", page), visit("analyst", "/pilot/figures/days.csv").content

    before = read_figures()
    with acting_as(cast.administrator):
        plant_canaries(actor=cast.administrator, office_id=cast.bridge.pk, number=9, now=timezone.now())
    assert read_figures() == before
