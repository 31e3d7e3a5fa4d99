"""Erasing somebody of whom every room holds something: what is destroyed, what becomes broad, what goes on."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from puente.audit.models import Event
from puente.counselling.models import FollowUp, PhonePage, WorkProfile
from puente.counselling.phone_pages import open_page
from puente.counselling.sealed import unseal_sheet
from puente.engines.identity.birth import PartialDate
from puente.engines.identity.facts import PersonQuery
from puente.engines.identity.names import PersonName
from puente.needs.models import Need
from puente.people.erasing import run_erasers
from puente.people.models import Identity, Person, SearchKey
from puente.people.opening import open_key_of, read_people, read_person
from puente.people.selectors import find_people, label_people
from puente.people.services import open_person
from puente.platform.keys import Realm, load_keyring
from puente.platform.policy import Erased, NotAllowed, Purpose
from puente.platform.row_security import acting_as
from puente.platform.sealing import SealBroken, unseal
from puente.reception.models import Arrival, LineSearchKey, ManifestLine
from puente.reception.services.manifests import open_manifest_key, unseal_line
from puente.rights.ledger import read_ledger
from puente.rights.models import Erasure
from puente.rights.services.erasures import erase_person
from tests.counselling.conftest import NOW

BIRTH = PartialDate.from_parts(1992, 3, 14)


def erase(cast, person_id):
    with acting_as(cast.coordinator):
        erase_person(
            actor=cast.coordinator, person_id=person_id, reason=Erasure.Reason.REQUEST, purpose=Purpose.RIGHTS, now=NOW
        )


def list_binary_columns():
    """Return (table, column, how a row of the table belongs to a person) of everything binary."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.atttypid = 'bytea'::regtype"
            " AND EXISTS (SELECT 1 FROM pg_attribute p WHERE p.attrelid = c.oid AND p.attname = 'person_id')"
            " ORDER BY 1, 2"
        )
        return cursor.fetchall()


def test_before_the_erasure_everything_opens(cast, martin, acting):
    """The control of the test below: the same readers open what they must not open afterwards."""
    with acting(cast.counsellor):
        opened = read_person(martin.person)
        assert opened.identity.name.given == "Martín"
        code = unseal_sheet(opened.data_key, martin.sheet.pk, martin.sheet.sealed)["code"]
        assert open_page(PhonePage.objects.get(sheet=martin.sheet), code, BIRTH) is not None
    with acting(cast.reception):
        line = ManifestLine.objects.select_related("manifest").get(pk=martin.line.pk)
        assert unseal_line(open_manifest_key(line.manifest), line).name.given == "Martín"
        assert SearchKey.objects.filter(person_id=martin.pk).exists()
        assert find_people(cast.reception, PersonQuery(PersonName("Martín", "Ávalos", "Cruz")))


def test_nothing_sealed_of_an_erased_person_opens_with_any_key_there_is(cast, martin, acting):
    with acting(cast.counsellor):
        data_key = open_key_of(martin.person)
        sealed = [bytes(identity.sealed) for identity in Identity.objects.filter(person_id=martin.pk).order_by("pk")]
        code = unseal_sheet(data_key, martin.sheet.pk, martin.sheet.sealed)["code"]
    erase(cast, martin.pk)
    keyring = load_keyring()
    with acting(cast.coordinator):
        person = Person.objects.get(pk=martin.pk)
        assert (person.key_name, bytes(person.wrapped_key)) == ("", b"")
        with pytest.raises(Erased):
            open_key_of(person)
        found = 0
        for table, column in list_binary_columns():
            if table.startswith(("protection_", "rights_")):
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {column} FROM {table} WHERE person_id = %s", [martin.pk])
                values = [bytes(row[0]) for row in cursor.fetchall() if row[0] is not None]
            for value in filter(None, values):
                found += 1
                for wrapping in keyring.wrapping_keys.values():
                    for realm in Realm:
                        with pytest.raises(SealBroken):
                            unseal(wrapping, value, f"person|{martin.pk}|{realm}")
        assert found > 10, "the sealed rows are there, and nothing opens them"
        kept = Identity.objects.filter(person_id=martin.pk).order_by("pk")
        assert [bytes(identity.sealed) for identity in kept] == sealed
    with acting(cast.counsellor):
        page = PhonePage.objects.get(sheet__person_id=martin.pk)
        assert page.withdrawn_at is not None
        assert open_page(page, code, BIRTH) is None
    with acting(cast.reception):
        line = ManifestLine.objects.select_related("manifest").get(pk=martin.line.pk)
        assert bytes(line.sealed) == b""
        assert "Martín" not in unseal_line(open_manifest_key(line.manifest), line).as_written
        assert not LineSearchKey.objects.filter(line=line).exists()
        other = ManifestLine.objects.filter(manifest=line.manifest).exclude(pk=line.pk).select_related("manifest").get()
        assert unseal_line(open_manifest_key(other.manifest), other).name.given == "Noemí"


def test_no_bytes_of_the_wrapped_key_stay_in_any_row(cast, martin, acting):
    with acting(cast.counsellor):
        wrapped = bytes(Person.objects.get(pk=martin.pk).wrapped_key)
    erase(cast, martin.pk)
    with acting(cast.coordinator), connection.cursor() as cursor:
        for table, column in list_binary_columns():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE position(%s::bytea IN {column}) > 0", [wrapped])
            assert cursor.fetchone() == (0,), (table, column)
        cursor.execute("SELECT count(*) FROM people_person WHERE wrapped_key = %s", [wrapped])
        assert cursor.fetchone() == (0,)


def test_an_erased_person_is_found_no_more_and_called_erased_in_lists(cast, martin, acting):
    erase(cast, martin.pk)
    with acting(cast.reception), translation.override("es"):
        assert not SearchKey.objects.filter(person_id=martin.pk).exists()
        assert find_people(cast.reception, PersonQuery(PersonName("Martín", "Ávalos", "Cruz"))) == []
        assert label_people(cast.reception, [martin.pk])[martin.pk].text == "Persona borrada"
        people = read_people(Person.objects.filter(pk=martin.pk))
        assert people[martin.pk][1].phones == ()
        with pytest.raises(Erased):
            open_person(actor=cast.reception, person_id=martin.pk, purpose=Purpose.RECEPTION, now=NOW)


def test_what_stood_in_clear_becomes_broad_and_the_figures_still_count_it(cast, martin, acting):
    with acting(cast.counsellor):
        before = Arrival.objects.get(person_id=martin.pk)
        assert before.person.birth_year == 1992
    erase(cast, martin.pk)
    with acting(cast.counsellor):
        after = Arrival.objects.select_related("person").get(person_id=martin.pk)
        person = after.person
        assert (person.birth_year, person.birth_precision) == (1990, "estimated")
        assert (person.home_municipality_id, person.birth_state_id, person.languages) == (None, None, [])
        assert person.sex == "M"
        assert (after.birth_year, after.age_at_arrival, after.last_us_state) == (None, 18, "")
        assert after.code != before.code
        assert timezone.localtime(after.arrived_at).date() == timezone.localtime(before.arrived_at).date()
        assert timezone.localtime(after.arrived_at).hour == 12
        assert after.versions.get().facts["last_us_state"] == ""
        for identity in Identity.objects.filter(person_id=martin.pk):
            assert identity.facts["birth_year"] == 1990
            assert identity.facts["home_municipality_id"] is None
        profile = WorkProfile.objects.filter(person_id=martin.pk).latest("version")
        assert (profile.home_municipality_id, profile.body_limits, profile.documents) == (None, None, None)
        assert sorted(profile.places) == ["12", "16"]
        assert not Need.objects.filter(person_id=martin.pk).pending().exists()
        assert not FollowUp.objects.filter(person_id=martin.pk, closed_at=None).exists()


def test_the_erasure_leaves_an_event_and_a_line_in_table_and_file(cast, martin, acting, ledger):
    erase(cast, martin.pk)
    with acting(cast.coordinator):
        row = Erasure.objects.get()
        event = Event.objects.get(verb="person.erased")
    assert (row.number, row.reason, row.at) == (1, "request", NOW)
    assert event.detail == {"reason": "request", "number": 1}
    assert [line.digest for line in read_ledger(ledger)] == [row.digest]
    assert str(martin.pk) not in ledger.read_text()


@pytest.mark.parametrize("role", ["reception", "counsellor", "administrator", "analyst", "protection"])
def test_only_those_who_may_erase_do(cast, martin, role):
    with pytest.raises(NotAllowed), acting_as(cast.actors[role]):
        erase_person(
            actor=cast.actors[role], person_id=martin.pk, reason=Erasure.Reason.REQUEST, purpose=Purpose.RIGHTS,
            now=NOW,
        )  # fmt: skip


def test_the_database_destroys_no_key_that_the_ledger_does_not_name(cast, martin):
    with pytest.raises(DatabaseError, match="no erasure of this person is recorded"), acting_as(cast.coordinator):
        run_erasers(martin.pk)


def test_the_database_lets_nobody_else_run_the_erasing_functions(cast, martin):
    erase(cast, martin.pk)
    with pytest.raises(DatabaseError, match="no erasure of this person is recorded"), acting_as(cast.counsellor):
        run_erasers(martin.pk)


def test_nobody_is_erased_twice(cast, martin):
    erase(cast, martin.pk)
    with pytest.raises(NotAllowed):
        erase(cast, martin.pk)


def test_the_ledger_cannot_be_changed_by_the_application(cast, martin):
    erase(cast, martin.pk)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), acting_as(cast.coordinator):
        Erasure.objects.update(reason="retention")
