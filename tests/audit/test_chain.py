"""Events become a chain when they are committed, and nobody but the database writes it."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puente.audit.models import Event, Link
from puente.audit.policies import NO_OFFICE, auditing_actor
from puente.audit.selectors.chain import read_chains
from puente.audit.services.chain import check_chains
from puente.engines.audit_chain import GENESIS, Kind, hash_event, write_text
from puente.platform.ids import make_id
from puente.platform.policy import system_actor
from puente.platform.row_security import acting_as
from tests.audit.conftest import link_now, record


def read_all():
    with acting_as(auditing_actor()), read_chains() as rows:
        return list(rows)


def test_an_event_gets_its_place_at_the_commit_and_not_before(committed):
    cast = committed.cast
    with transaction.atomic():
        record(cast.reception)
        assert read_all() == []
    rows = read_all()
    assert [row.seq for row in rows] == [1]
    assert rows[0].previous == GENESIS


def test_each_office_has_a_chain_and_events_of_none_have_their_own(committed):
    cast = committed.cast
    nobody = system_actor("nobody", make_id(), [], [])
    for actor in (cast.reception, cast.far_reception, cast.reception, nobody):
        record(actor)
    chains = [(row.chain, row.seq) for row in read_all()]
    assert sorted(chains) == sorted(
        [(str(cast.bridge.pk), 1), (str(cast.bridge.pk), 2), (str(cast.tapachula.pk), 1), (str(NO_OFFICE), 1)]
    )
    assert check_chains().is_sound


def test_what_is_rolled_back_leaves_no_place_empty(committed):
    cast = committed.cast
    record(cast.reception)
    with transaction.atomic():
        record(cast.reception)
        transaction.set_rollback(True)
    with transaction.atomic():
        with transaction.atomic():
            record(cast.reception)
            transaction.set_rollback(True)
        record(cast.reception)
    assert [row.seq for row in read_all()] == [1, 2]
    assert check_chains().is_sound


def test_a_long_request_holds_nobody_of_the_office_up(committed):
    cast = committed.cast

    def work():
        try:
            record(cast.counsellor)
        finally:
            connection.close()

    with transaction.atomic():
        record(cast.reception)
        other = threading.Thread(target=work)
        other.start()
        other.join(20)
        assert not other.is_alive(), "the other request waited for this one"
    assert [row.values[3] for row in read_all()] == [str(cast.counsellor.id), str(cast.reception.id)]
    assert check_chains().is_sound


def test_requests_that_write_to_two_offices_never_wait_for_each_other_in_a_ring(committed):
    cast = committed.cast
    troubles = []

    def work(first, second):
        try:
            for _ in range(25):
                with transaction.atomic():
                    record(cast.reception, office_id=first)
                    record(cast.reception, office_id=second)
        except DatabaseError as problem:
            troubles.append(problem)
        finally:
            connection.close()

    offices = (cast.bridge.pk, cast.tapachula.pk)
    threads = [threading.Thread(target=work, args=pair) for pair in (offices, offices[::-1]) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert len(read_all()) == 200
    assert check_chains().is_sound


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verb=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60),
    detail=st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(exclude_categories=["Cs"],
        exclude_characters="\0"), max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "ñ", '"']), inner),
        max_leaves=6,
    ),
    days=st.integers(0, 20_000),
    microseconds=st.integers(0, 999_999),
    has_person=st.booleans(),
)  # fmt: skip
def test_the_database_and_the_engine_write_the_same_text_of_an_event(
    cast, verb, detail, days, microseconds, has_person
):
    at = timezone.now().replace(microsecond=microseconds) - timedelta(days=days)
    with transaction.atomic(), acting_as(cast.reception):
        event = Event.objects.create(
            at=at, verb=verb, actor_id=cast.reception.id, office_id=cast.bridge.pk, record_type="x",
            person_id=make_id() if has_person else None, purpose="reception", detail=detail or {},
        )  # fmt: skip
        link_now()
        with acting_as(auditing_actor()), read_chains(cast.bridge.pk) as rows:
            row = next(one for one in rows if one.event_id == str(event.pk))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT puente_audit_text(%s, event) FROM audit_event AS event WHERE id = %s",
                [cast.bridge.pk, event.pk],
            )
            (text,) = cursor.fetchone()
        assert write_text(row.chain, row.values) == text
        assert hash_event(row.previous, row.chain, row.values) == row.hash
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_link (chain, seq, event_id, previous, hash) VALUES (%s, 9, gen_random_uuid(), '', '')",
        "UPDATE audit_link SET hash = '' WHERE chain = %s",
        "DELETE FROM audit_link WHERE chain = %s",
        "UPDATE audit_event SET verb = '' WHERE office_id = %s",
        "DELETE FROM audit_event WHERE office_id = %s",
        "SELECT puente_append_link(event) FROM audit_event AS event WHERE office_id = %s",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL -- %s",
        "SET session_replication_role = replica -- %s",
    ],
)
def test_the_application_can_only_append_events(cast, statement):
    record(cast.reception)
    with (
        acting_as(cast.administrator),
        pytest.raises(DatabaseError, match=r"permission denied|must be owner|row-level"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [cast.bridge.pk])


@pytest.mark.django_db
def test_only_who_reads_events_sees_the_chain_of_their_office(cast):
    record(cast.reception)
    record(cast.far_reception)
    link_now()
    with acting_as(cast.coordinator):
        assert {link.chain for link in Link.objects.all()} == {cast.bridge.pk}
    with acting_as(cast.reception):
        assert not Link.objects.exists()


#: What the owner of the database writes into each column of an event.
CHANGES = {
    "id": "gen_random_uuid()", "at": "at + interval '1 microsecond'", "verb": "verb || 'x'",
    "actor_id": "gen_random_uuid()", "office_id": "NULL", "record_type": "'other'", "record_id": "gen_random_uuid()",
    "person_id": "NULL", "purpose": "'rights'", "sensitivity": "sensitivity + 1", "detail": """'{"a": 1}'""",
}  # fmt: skip


def test_whatever_the_owner_changes_is_found_and_the_first_bad_row_named(committed):
    ids = committed.record(8)
    assert set(CHANGES) == {field.column for field in Event._meta.local_fields}, "a new column belongs into the text"
    for column, value in CHANGES.items():
        with committed.tampering() as owner:
            owner.execute(f"UPDATE audit_event SET {column} = {value} WHERE id = ANY (%s)", [[ids[3], ids[5]]])
            found = check_chains().findings[0]
        assert (found.chain, found.seq) == (str(committed.cast.bridge.pk), 4), column
        assert found.kind == (Kind.DELETED if column == "id" else Kind.CHANGED)
    assert check_chains().is_sound


def test_an_event_written_around_the_triggers_stands_in_no_chain(committed):
    committed.record(3)
    with committed.tampering() as owner:
        owner.execute("CREATE TEMP TABLE false_event AS SELECT * FROM audit_event LIMIT 1")
        owner.execute("UPDATE false_event SET id = gen_random_uuid()")
        owner.execute("INSERT INTO audit_event SELECT * FROM false_event")
        found = check_chains().findings
    assert [(one.kind, one.seq) for one in found] == [(Kind.INSERTED, None)]
