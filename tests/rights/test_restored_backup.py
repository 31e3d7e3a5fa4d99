"""A restored backup brings nobody back: the ledger outside of the database erases them again."""

import json

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from puente.engines.identity.facts import PersonQuery
from puente.engines.identity.names import PersonName
from puente.people.models import Person
from puente.people.opening import read_person
from puente.people.selectors import find_people
from puente.platform import embedded_postgres
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from puente.rights.ledger import LedgerBroken, read_ledger
from puente.rights.models import Erasure
from puente.rights.services.erasures import Replay, erase_person, examine_ledger, replay_ledger
from tests.cast import build_cast
from tests.conftest import WORKER, use_database
from tests.counselling.conftest import register


class Office:
    """A database in which everything is committed, of which a backup is taken and restored."""

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name
        self.cast = build_cast()
        self.person_id = register(self.cast).pk

    def back_up(self):
        """Take a copy of the whole database, as a backup is one."""
        self._close()
        embedded_postgres.create_database(self.cluster, f"{self.name}_backup", template=self.name)
        use_database(self.name)

    def restore(self):
        """Put the backup in the place of the database."""
        self._close()
        embedded_postgres.drop_database(self.cluster, self.name)
        embedded_postgres.query(self.cluster, f"ALTER DATABASE {self.name}_backup RENAME TO {self.name}")
        use_database(self.name)

    def erase(self, person_id=None):
        with acting_as(self.cast.coordinator):
            erase_person(
                actor=self.cast.coordinator, person_id=person_id or self.person_id, reason=Erasure.Reason.REQUEST,
                purpose=Purpose.RIGHTS, now=timezone.now(),
            )  # fmt: skip

    def is_found(self):
        with acting_as(self.cast.reception):
            return bool(find_people(self.cast.reception, PersonQuery(PersonName("Martín", "Ávalos", "Cruz"))))

    def read(self):
        with acting_as(self.cast.reception):
            return Person.objects.get(pk=self.person_id)

    def _close(self):
        connection.close()


@pytest.fixture
def office(cluster, template_database, django_db_setup, django_db_blocker):
    before = connection.settings_dict["NAME"]
    name = f"restored_{WORKER}"
    for one in (name, f"{name}_backup"):
        embedded_postgres.drop_database(cluster, one)
    embedded_postgres.create_database(cluster, name, template=template_database)
    with django_db_blocker.unblock():
        use_database(name)
        try:
            yield Office(cluster, name)
        finally:
            connection.close()
            use_database(before)
            for one in (name, f"{name}_backup"):
                embedded_postgres.drop_database(cluster, one)


def test_who_was_erased_after_the_backup_is_gone_again_after_its_restore(office):
    office.back_up()
    office.erase()
    assert not office.is_found()
    office.restore()
    assert office.is_found(), "the backup holds the person and the key"
    with acting_as(office.cast.reception):
        assert read_person(Person.objects.get(pk=office.person_id)).identity.name.given == "Martín"
    assert replay_ledger(now=timezone.now()) == Replay(lines_added_to_table=1, erased_again=1)
    assert not office.is_found()
    person = office.read()
    assert person.erased_at is not None
    assert bytes(person.wrapped_key) == b""
    assert replay_ledger(now=timezone.now()) == Replay(), "a second start finds nothing left to do"


def test_the_doctor_says_how_many_are_back_and_what_to_do(office):
    office.back_up()
    office.erase()
    assert examine_ledger() is None
    office.restore()
    assert "run puente rights replay" in (examine_ledger() or "")
    replay_ledger(now=timezone.now())
    assert examine_ledger() is None


def test_an_erasure_begun_before_the_lights_went_out_is_finished_at_the_next_start(office, ledger):
    with transaction.atomic():
        office.erase()
        # The line is on the disk, and the transaction is lost.
        transaction.set_rollback(True)
    assert office.is_found()
    assert len(read_ledger(ledger)) == 1
    assert replay_ledger(now=timezone.now()).erased_again == 1
    assert not office.is_found()


def test_a_ledger_file_that_was_lost_is_written_again_from_the_database(office, ledger):
    office.erase()
    before = ledger.read_text()
    ledger.unlink()
    assert "1 lines of the ledger are missing" in (examine_ledger() or "")
    assert replay_ledger(now=timezone.now()) == Replay(lines_added_to_file=1)
    assert ledger.read_text() == before


def test_the_next_erasure_goes_on_where_the_ledger_ends(office, ledger):
    second = register(office.cast).pk
    office.erase()
    office.erase(second)
    assert [line.number for line in read_ledger(ledger)] == [1, 2]
    assert examine_ledger() is None


def test_a_flipped_line_is_refused_and_named_and_erases_nobody(office, ledger):
    office.back_up()
    office.erase()
    office.restore()
    row = json.loads(ledger.read_text())
    row["person_digest"] = ("1" if row["person_digest"][0] == "0" else "0") + row["person_digest"][1:]
    ledger.write_text(json.dumps(row) + "\n")
    assert "Line 1 of erasures.jsonl" in (examine_ledger() or "")
    with pytest.raises(LedgerBroken, match="Line 1 of erasures"):
        replay_ledger(now=timezone.now())
    assert office.is_found()
    with pytest.raises(LedgerBroken, match="Line 1 of erasures"):
        office.erase()
    assert office.is_found()


def test_a_ledger_of_another_installation_is_refused(office, ledger, tmp_path):
    office.erase()
    ledger.unlink()
    from puente.platform.ids import make_id
    from puente.rights.ledger import append_lines, make_line

    append_lines(ledger, [make_line(None, make_id(), "request", timezone.now())])
    with pytest.raises(LedgerBroken, match="says something else than the database"):
        replay_ledger(now=timezone.now())


def test_rows_put_back_by_hand_are_found_as_well(office):
    office.back_up()
    row = office.read()
    office.erase()
    settings = office.cluster.connection(embedded_postgres.SUPERUSER, office.name)
    with psycopg.connect(
        host=settings["HOST"], user=settings["USER"], password=settings["PASSWORD"], dbname=office.name
    ) as superuser:
        superuser.execute(
            "UPDATE people_person SET key_name = %s, wrapped_key = %s, erased_at = NULL WHERE id = %s",
            [row.key_name, bytes(row.wrapped_key), office.person_id],
        )
    assert replay_ledger(now=timezone.now()) == Replay(erased_again=1)
    assert bytes(office.read().wrapped_key) == b""
