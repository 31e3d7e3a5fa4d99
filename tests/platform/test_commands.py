from uuid import UUID

import pytest

from puente.platform import commands
from puente.platform.commands import CommandConflict, UnknownCommand, command, execute, registered_commands
from puente.platform.ids import make_id
from puente.platform.models import CommandReceipt

calls: list[dict[str, object]] = []


@command("test.note")
def note(actor, command_id: UUID, payload):
    if payload.get("fails"):
        raise ValueError("on purpose")
    calls.append(payload)
    return {"number": len(calls)}


@pytest.fixture(autouse=True)
def _forget():
    calls.clear()


def test_a_command_sent_twice_takes_effect_once_and_answers_the_same(cast, acting):
    with acting(cast.reception):
        command_id = make_id()
        first = execute(actor=cast.reception, name="test.note", command_id=command_id, payload={"a": 1})
        again = execute(actor=cast.reception, name="test.note", command_id=command_id, payload={"a": 1})
    assert (first.result, first.repeated) == ({"number": 1}, False)
    assert (again.result, again.repeated) == ({"number": 1}, True)
    assert len(calls) == 1


def test_the_same_id_with_other_content_is_a_conflict(cast, acting):
    with acting(cast.reception):
        command_id = make_id()
        execute(actor=cast.reception, name="test.note", command_id=command_id, payload={"a": 1})
        with pytest.raises(CommandConflict):
            execute(actor=cast.reception, name="test.note", command_id=command_id, payload={"a": 2})


def test_the_id_of_somebody_else_is_a_conflict_and_shows_nothing(cast, acting):
    command_id = make_id()
    with acting(cast.reception):
        execute(actor=cast.reception, name="test.note", command_id=command_id, payload={"a": 1})
    with acting(cast.counsellor):
        assert not CommandReceipt.objects.exists()
        with pytest.raises(CommandConflict):
            execute(actor=cast.counsellor, name="test.note", command_id=command_id, payload={"a": 1})


def test_a_command_that_fails_leaves_no_receipt_and_may_be_sent_again(cast, acting):
    command_id = make_id()
    with acting(cast.reception):
        with pytest.raises(ValueError, match="on purpose"):
            execute(actor=cast.reception, name="test.note", command_id=command_id, payload={"fails": True})
        assert not CommandReceipt.objects.exists()
        execute(actor=cast.reception, name="test.note", command_id=command_id, payload={"a": 1})


def test_an_unknown_command_is_refused(cast, acting):
    with acting(cast.reception), pytest.raises(UnknownCommand):
        execute(actor=cast.reception, name="test.unknown", command_id=make_id(), payload={})


def test_a_name_is_registered_once():
    assert "test.note" in registered_commands()
    with pytest.raises(ValueError, match="twice"):
        commands.command("test.note")(note)
