import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from puente.engines.instruments import DECLINED, DefinitionError, InvalidReply, Reply, State, read_reply
from puente.instruments.models import Answer, InstrumentVersion, Response
from puente.instruments.services import (
    IncompleteResponse,
    ResponseClosed,
    finish_response,
    load_instruments,
    open_response,
    record_replies,
    start_response,
)
from puente.platform.paths import CONTENT
from puente.platform.policy import NotAllowed, Purpose
from tests.needs.people import register

FORM = CONTENT / "needs" / "assessment.json"
NOW = timezone.now()


def start(actor, office, person, now=NOW):
    return start_response(
        actor=actor, instrument="needs_assessment", person_id=person.pk, office_id=office.pk,
        purpose=Purpose.COUNSELLING, now=now,
    )  # fmt: skip


@pytest.fixture
def response(cast, acting):
    with acting(cast.reception):
        person = register(cast.reception, cast.bridge)
    with acting(cast.counsellor):
        return start(cast.counsellor, cast.bridge, person)[0]


def say(cast, response, now=NOW, reason="", actor=None, **said):
    definition = response.version.definition
    replies = {
        name: DECLINED if value is DECLINED else read_reply(definition.find_question(name), value)
        for name, value in said.items()
    }
    return record_replies(
        actor=actor or cast.counsellor, area="needs", response_id=response.pk, replies=replies, now=now, reason=reason
    )


@pytest.mark.django_db
def test_loading_the_same_wording_again_publishes_nothing_and_a_new_wording_is_a_new_version(tmp_path):
    before = InstrumentVersion.objects.count()
    assert load_instruments([FORM], now=NOW) == {"instruments": 1}
    assert InstrumentVersion.objects.count() == before
    content = json.loads(FORM.read_text(encoding="utf-8"))
    content["title"]["en"] += "!"
    changed = tmp_path / "form.json"
    changed.write_text(json.dumps(content), encoding="utf-8")
    load_instruments([changed], now=NOW)
    assert InstrumentVersion.objects.count() == before + 1
    assert InstrumentVersion.objects.latest("number").definition.title.en.endswith("!")


@pytest.mark.django_db
def test_a_faulty_file_publishes_nothing_and_says_what_is_wrong(tmp_path):
    before = InstrumentVersion.objects.count()
    faulty = tmp_path / "form.json"
    faulty.write_text(json.dumps({"code": "faulty"}), encoding="utf-8")
    with pytest.raises(DefinitionError, match="steps must be a list"):
        load_instruments([faulty], now=NOW)
    assert InstrumentVersion.objects.count() == before


@pytest.mark.django_db
def test_a_published_version_cannot_be_changed_by_the_application():
    with pytest.raises(DatabaseError), transaction.atomic():
        InstrumentVersion.objects.update(digest="0")


def test_an_answer_comes_back_whole_and_a_form_left_half_way_goes_on_where_it_was(cast, acting, response):
    with acting(cast.counsellor):
        say(cast, response, safety_now=["no"], health_now=["medicine"], health_medicine="Insulina")
        again, is_new = start(cast.counsellor, cast.bridge, response.person)
        opened = open_response(actor=cast.counsellor, area="needs", response_id=again.pk)
    assert (again.pk, is_new) == (response.pk, False)
    assert opened.replies["health_medicine"] == Reply(State.ANSWERED, "Insulina")
    assert list(opened.replies) == ["safety_now", "health_now", "health_medicine"]


def test_nothing_that_was_said_stands_in_a_column_nor_which_question_it_answers(cast, acting, response):
    said = {"safety_now": ["no"], "health_now": ["pregnant"], "health_due": "2027-03-04", "health_other": "Zyxwv"}
    with acting(cast.counsellor):
        say(cast, response, **said)
        say(cast, response, health_other="Zyxwv dos", reason="Qponm")
        text = read_columns("instruments_answer", "instruments_response")
    assert str(response.pk) in text
    for marker in ("Zyxwv", "Qponm", "pregnant", "2027-03-04", "health_due", "health_other"):
        assert marker not in text
        assert marker.encode().hex() not in text


def read_columns(*tables):
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT t::text FROM {table} AS t" for table in tables))
        return "".join(row for (row,) in cursor.fetchall())


def test_a_correction_is_a_new_version_and_the_earlier_one_stays_with_who_when_and_why(cast, acting, response):
    later = NOW + timedelta(minutes=4)
    with acting(cast.counsellor):
        say(cast, response, health_other="rodilla izquierda")
        opened = say(cast, response, now=later, reason="se equivocó de lado", health_other="rodilla derecha")
        versions = opened.answers["health_other"]
    assert [answer.reply.value for answer in versions] == ["rodilla izquierda", "rodilla derecha"]
    assert [answer.version for answer in versions] == [1, 2]
    assert (versions[1].reason, versions[1].at, versions[1].by) == ("se equivocó de lado", later, cast.counsellor.id)


def test_an_answer_cannot_be_changed_or_deleted_in_the_database(cast, acting, response):
    with acting(cast.counsellor):
        say(cast, response, health_other="x")
        for statement in ("UPDATE instruments_answer SET version = 9", "DELETE FROM instruments_answer"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert Answer.objects.count() == 1


def test_the_same_answer_again_is_not_written_twice(cast, acting, response):
    with acting(cast.counsellor):
        assert say(cast, response, safety_now=["no"]).written == ("safety_now",)
        assert say(cast, response, safety_now=["no"]).written == ()
        assert Answer.objects.count() == 1


def test_an_answer_to_a_question_that_does_not_matter_is_refused_and_nothing_is_written(cast, acting, response):
    with acting(cast.counsellor):
        with pytest.raises(InvalidReply):
            say(cast, response, safety_now=["no"], health_now=["none"], health_due="2027-01-01")
        assert Answer.objects.count() == 0


def test_an_answer_that_no_longer_matters_is_kept_in_its_history_and_counts_no_more(cast, acting, response):
    with acting(cast.counsellor):
        say(cast, response, health_now=["pregnant"], health_due="2027-01-01")
        opened = say(cast, response, health_now=["none"])
    assert "health_due" not in opened.replies
    assert "health_due" in opened.answers


def test_a_response_is_finished_only_when_every_required_question_has_an_answer_or_was_declined(cast, acting, response):
    with acting(cast.counsellor):
        with pytest.raises(IncompleteResponse) as caught:
            finish_response(actor=cast.counsellor, area="needs", response_id=response.pk, now=NOW)
        assert "safety_now" in {question.name for question in caught.value.questions}
        required = {question.name: DECLINED for question in caught.value.questions}
        say(cast, response, **required)
        _opened, was_open = finish_response(actor=cast.counsellor, area="needs", response_id=response.pk, now=NOW)
        assert was_open
        _opened, was_open = finish_response(actor=cast.counsellor, area="needs", response_id=response.pk, now=NOW)
        assert not was_open
        with pytest.raises(ResponseClosed):
            say(cast, response, safety_now=["no"])
        say(cast, response, safety_now=["no"], reason="lo pensó otra vez")


def test_another_office_sees_no_response_and_no_answer_even_without_a_filter(cast, acting, response):
    with acting(cast.counsellor):
        say(cast, response, safety_now=["no"])
        assert (Response.objects.count(), Answer.objects.count()) == (1, 1)
    for role in ("far_counsellor", "far_reception", "liaison", "analyst", "administrator", "communication"):
        actor = cast.actors[role]
        with acting(actor):
            assert (Response.objects.count(), Answer.objects.count()) == (0, 0), role
            with pytest.raises(NotAllowed):
                open_response(actor=actor, area="needs", response_id=response.pk)


def test_who_may_look_may_not_answer(cast, acting, response):
    with acting(cast.reception):
        open_response(actor=cast.reception, area="needs", response_id=response.pk)
        with pytest.raises(NotAllowed):
            say(cast, response, actor=cast.reception, safety_now=["no"])
        with pytest.raises(NotAllowed):
            start(cast.reception, cast.bridge, response.person)


def test_a_response_is_found_in_its_own_area_alone(cast, acting, response):
    with acting(cast.counsellor), pytest.raises(NotAllowed):
        open_response(actor=cast.counsellor, area="handover", response_id=response.pk)
