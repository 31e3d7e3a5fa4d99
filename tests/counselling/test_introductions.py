import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from pypdf import PdfReader

from puente.counselling.documents.introduction import render_introduction
from puente.counselling.models import FollowUp, Introduction, IntroductionEvent
from puente.counselling.selectors.introductions import read_sent
from puente.counselling.selectors.profiles import read_profile
from puente.counselling.services.introductions import (
    ConsentMissing,
    EmployerAvoided,
    IntroducedAlready,
    IntroductionChanged,
    StateImpossible,
    digest_introduction,
    move_introduction,
    send_introduction,
    write_introduction,
)
from puente.engines.identity.names import PersonName
from puente.opportunities.models import Opening
from puente.opportunities.services.employers import judge_employer
from puente.people.sealed import IdentityDocument, Phone
from puente.people.services import read_person
from puente.platform.policy import NotAllowed
from puente.platform.row_security import acting_as
from tests.counselling.conftest import NOW, consent, register, write_profile


def show(actor, person, opening):
    opened = read_person(person)
    return write_introduction(opened, read_profile(actor, person.pk, opened.data_key).facts, opening)


def introduce(actor, person, opening, now=NOW, **options):
    digest = digest_introduction(show(actor, person, opening))
    return send_introduction(
        **{
            "actor": actor,
            "person_id": person.pk,
            "opening_id": opening.pk,
            "channel": "letter",
            "shown_digest": digest,
            "now": now,
        }
        | options
    )


@pytest.fixture
def ready(cast, counsellor, person, board):
    """A person with a profile who said yes to being shown to employers."""
    write_profile(counsellor, person.pk)
    consent(counsellor, person.pk, cast.bridge.id)
    return person


def test_an_introduction_needs_consent(counsellor, person, board):
    write_profile(counsellor, person.pk)
    with pytest.raises(ConsentMissing):
        introduce(counsellor, person, board.openings["roofs"])
    assert Introduction.objects.count() == 0


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
def test_a_consent_that_was_taken_back_no_longer_counts(cast, counsellor, ready, board, decision):
    consent(counsellor, ready.pk, cast.bridge.id, decision=decision)
    with pytest.raises(ConsentMissing):
        introduce(counsellor, ready, board.openings["roofs"])


def test_an_employer_is_told_name_trade_and_phone_and_no_more(counsellor, ready, board):
    introduction = introduce(counsellor, ready, board.openings["roofs"])
    sent = read_sent(introduction, read_person(ready).data_key)
    assert sent == {
        "name": "Martín Ávalos Cruz",
        "trade": "roofer · Techadores (colocadores de palapas, etcétera)",
        "years": 6.0,
        "phone": "715 555 0118",
        "opening": "Oficial de techos",
        "employer": "Recubrimientos Tres Marías",
    }


@pytest.mark.parametrize("safety", ["ask", "never"])
def test_a_phone_that_is_not_safe_is_told_to_nobody(cast, board, safety):
    identity = IdentityDocument(name=PersonName("Rosa", "Güémez", ""), phones=(Phone("715 555 0999", safety=safety),))
    person = register(cast, identity)
    with acting_as(cast.counsellor):
        write_profile(cast.counsellor, person.pk)
        assert show(cast.counsellor, person, board.openings["roofs"])["phone"] == ""


def test_what_was_sent_stands_in_no_column_and_no_event(counsellor, ready, board):
    introduce(counsellor, ready, board.openings["roofs"])
    with connection.cursor() as cursor:
        for table in ("counselling_introduction", "counselling_introductionevent", "audit_event"):
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} AS t")
            text = cursor.fetchone()[0]
            assert "valos" not in text
            assert "555 0118" not in text


def test_nothing_is_sent_that_was_not_shown(counsellor, ready, board):
    shown = digest_introduction(show(counsellor, ready, board.openings["roofs"]) | {"years": 20})
    with pytest.raises(IntroductionChanged):
        introduce(counsellor, ready, board.openings["roofs"], shown_digest=shown)


def test_nobody_is_sent_to_an_employer_to_be_avoided(cast, acting, counsellor, ready, board):
    with acting(cast.liaison):
        judge_employer(
            actor=cast.liaison,
            employer_id=board.employers["Recubrimientos Tres Marías"].pk,
            trust="avoid",
            text="no paga",
            now=NOW,
        )
    with acting(counsellor), pytest.raises(EmployerAvoided):
        introduce(counsellor, ready, board.openings["roofs"])


def test_an_opening_that_is_over_takes_no_introduction(counsellor, ready, board):
    Opening.objects.filter(pk=board.openings["roofs"].pk).update(valid_until=NOW.date() - timedelta(days=1))
    with pytest.raises(Opening.DoesNotExist):
        introduce(counsellor, ready, board.openings["roofs"])


def test_a_person_is_introduced_once_until_it_ended(counsellor, ready, board):
    first = introduce(counsellor, ready, board.openings["roofs"])
    with pytest.raises(IntroducedAlready):
        introduce(counsellor, ready, board.openings["roofs"])
    move_introduction(actor=counsellor, introduction_id=first.pk, state="refused", now=NOW)
    assert introduce(counsellor, ready, board.openings["roofs"]).pk != first.pk


def test_states_are_appended_and_an_end_stays_an_end(counsellor, ready, board):
    introduction = introduce(counsellor, ready, board.openings["roofs"])
    for state in ("answered", "interview", "no_show"):
        move_introduction(actor=counsellor, introduction_id=introduction.pk, state=state, now=NOW)
    states = list(IntroductionEvent.objects.order_by("at", "id").values_list("state", flat=True))
    assert states == ["sent", "answered", "interview", "no_show"]
    with pytest.raises(StateImpossible):
        move_introduction(actor=counsellor, introduction_id=introduction.pk, state="hired", now=NOW)


def test_being_hired_fills_a_place_keeps_the_wage_and_begins_the_follow_ups(counsellor, ready, board):
    introduction = introduce(counsellor, ready, board.openings["roofs"])
    move_introduction(actor=counsellor, introduction_id=introduction.pk, state="hired", wage=12400, now=NOW)
    assert introduction.events.get(state="hired").wage == 12400
    assert Opening.objects.get(pk=board.openings["roofs"].pk).places_left == 0
    assert FollowUp.objects.filter(person=ready, closed_at__isnull=True).count() == 4


def test_another_office_neither_sees_nor_moves_an_introduction(cast, acting, counsellor, ready, board):
    introduction = introduce(counsellor, ready, board.openings["roofs"])
    with acting(cast.far_counsellor):
        assert Introduction.objects.count() == 0
        with pytest.raises(NotAllowed):
            move_introduction(actor=cast.far_counsellor, introduction_id=introduction.pk, state="hired", now=NOW)


def test_the_digest_does_not_depend_on_the_order_of_what_is_sent():
    sent = {"name": "A", "phone": ""}
    assert digest_introduction(sent) == digest_introduction(json.loads(json.dumps(dict(reversed(sent.items())))))


def test_the_letter_is_one_page_in_our_own_letters_and_names_no_office(counselled_letter):
    reader = PdfReader(io.BytesIO(counselled_letter))
    assert len(reader.pages) == 1
    fonts = {font.get_object()["/BaseFont"] for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert all("Archivo" in font or "SourceSans3" in font for font in fonts)
    written = reader.pages[0].extract_text()
    assert "Martín Ávalos Cruz" in written
    for word in ("repatri", "deport", "migra", "Paso del Norte", "Zitácuaro", "1992"):
        assert word not in written


@pytest.fixture
def counselled_letter(counsellor, ready, board):
    introduction = introduce(counsellor, ready, board.openings["roofs"])
    sent = read_sent(introduction, read_person(ready).data_key)
    return render_introduction(sent, place="Ciudad Juárez", day=NOW.date())
