"""A case: the file is reserved, the keys are the vault's, and each purpose opens only its own compartments."""

from dataclasses import replace

import pytest
from django.utils import timezone

from puente.people.models import Person, SearchKey
from puente.people.pseudonyms import reference_of
from puente.people.selectors import label_people
from puente.people.services import open_person, release_person
from puente.platform.keys import Realm
from puente.platform.policy import NotAllowed, Purpose
from puente.platform.row_security import acting_as
from puente.platform.sealing import SealBroken
from puente.protection.models import Case, CaseEntry, CaseKey
from puente.protection.opening import read_entries
from puente.protection.sealed import Compartment, WrappedCompartment, open_case_key
from puente.protection.services import open_case, write_entry
from tests.protection.conftest import step_up

pytestmark = pytest.mark.django_db


def test_a_case_reserves_the_file_under_a_key_of_the_vault(cast, person, case):
    with acting_as(step_up(cast.protection)):
        reserved = Person.objects.get(pk=person.pk)
        assert reserved.key_name.startswith(Realm.VAULT)
        assert open_person(
            actor=step_up(cast.protection), person_id=person.pk, purpose=Purpose.PROTECTION, now=timezone.now()
        ).identity.name.first_surname


def test_nobody_else_sees_the_person_any_more(cast, person, case):
    for role in ("reception", "counsellor", "coordinator", "supervisor"):
        actor = step_up(cast.actors[role])
        with acting_as(actor):
            assert not Person.objects.filter(pk=person.pk).exists()
            assert not SearchKey.objects.filter(person_id=person.pk).exists()
            assert reference_of(person.pk) in label_people(actor, [person.pk])[person.pk].text
            with pytest.raises(NotAllowed):
                open_person(actor=actor, person_id=person.pk, purpose=Purpose.COUNSELLING, now=timezone.now())


def test_the_officer_in_charge_needs_a_step_up(cast, person, case):
    with acting_as(cast.protection):
        assert not Person.objects.filter(pk=person.pk).exists()
        assert not CaseKey.objects.exists()
        with pytest.raises(NotAllowed):
            open_case(actor=cast.protection, case_id=case.pk, purpose=Purpose.PROTECTION, now=timezone.now())


def test_another_officer_of_the_same_service_cannot_open_it(cast, case):
    other = step_up(replace(cast.protection, id=cast.reception.id))
    with acting_as(other):
        assert Case.objects.listed_for(other, _action("case.list")).exists()
        assert not CaseKey.objects.exists()
        with pytest.raises(NotAllowed):
            open_case(actor=other, case_id=case.pk, purpose=Purpose.PROTECTION, now=timezone.now())


def test_what_is_written_is_read_by_a_purpose_that_opens_it(cast, case):
    officer, now = step_up(cast.protection), timezone.now()
    with acting_as(officer):
        opened = open_case(actor=officer, case_id=case.pk, purpose=Purpose.PROTECTION, now=now)
        for compartment in (Compartment.PLAN, Compartment.TESTIMONY):
            write_entry(
                actor=officer, opened=opened, compartment=compartment, topic="note", content={"words": "…"}, now=now
            )
        assert [read.entry.compartment for read in read_entries(opened)] == [Compartment.PLAN, Compartment.TESTIMONY]
        follow_up = open_case(actor=officer, case_id=case.pk, purpose=Purpose.FOLLOW_UP, now=now)
        assert [read.entry.compartment for read in read_entries(follow_up)] == [Compartment.PLAN]
        with pytest.raises(NotAllowed):
            write_entry(
                actor=officer, opened=follow_up, compartment=Compartment.TESTIMONY, topic="note", content={}, now=now
            )


def test_a_key_wrapped_for_one_purpose_does_not_open_for_another(cast, case):
    with acting_as(step_up(cast.protection)):
        row = CaseKey.objects.get(compartment=Compartment.TESTIMONY)
        forged = WrappedCompartment(Compartment.TESTIMONY, Purpose.FOLLOW_UP, row.key_name, bytes(row.wrapped_key))
        with pytest.raises(SealBroken):
            open_case_key(case.pk, forged)


def test_an_entry_can_be_neither_changed_nor_deleted(cast, case):
    from django.db import DatabaseError, transaction

    officer, now = step_up(cast.protection), timezone.now()
    with acting_as(officer):
        opened = open_case(actor=officer, case_id=case.pk, purpose=Purpose.PROTECTION, now=now)
        write_entry(actor=officer, opened=opened, compartment=Compartment.PLAN, topic="note", content={}, now=now)
        for change in (lambda: CaseEntry.objects.update(sealed=b""), lambda: CaseEntry.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_a_released_person_is_found_again(cast, person, case):
    officer = step_up(cast.protection)
    with acting_as(officer):
        release_person(actor=officer, person_id=person.pk, now=timezone.now())
    with acting_as(cast.reception):
        assert label_people(cast.reception, [person.pk])[person.pk].text == "Xicale Tzintzun, Noemí"
        assert SearchKey.objects.filter(person_id=person.pk).exists()


def _action(name):
    from puente.platform.policy import registered_actions

    return registered_actions()[name]
