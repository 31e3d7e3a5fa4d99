from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from puente.counselling.models import PhonePage, PhonePageAttempt, Sheet, WorkProfile
from puente.counselling.phone_pages import make_code
from puente.counselling.policies import PHONE
from puente.counselling.selectors.shortlists import find_sheet, read_sheet
from puente.counselling.services.phone import MOST_ON_CODE, TooManyAnswers, WrongAnswer, open_phone_page
from puente.counselling.services.sheets import NothingChosen, make_sheet
from puente.counselling.services.shortlists import choose_openings, make_shortlist, refuse_all
from puente.engines.identity.birth import PartialDate
from puente.engines.identity.names import PersonName
from puente.opportunities.models import Opening
from puente.people.models import Person
from puente.people.sealed import IdentityDocument
from puente.people.services import read_person
from puente.platform.row_security import acting_as
from tests.counselling.conftest import register, write_profile

BORN = PartialDate.from_parts(1992, 3, 14)
NOW = timezone.now()


def make(cast, person, board, names=("roofs", "welding"), language="es"):
    """Choose openings and make the sheet; returns its code and text."""
    with acting_as(cast.counsellor):
        write_profile(cast.counsellor, person.pk)
        shortlist = make_shortlist(actor=cast.counsellor, person_id=person.pk, now=NOW)
        choose_openings(
            actor=cast.counsellor,
            shortlist_id=shortlist.pk,
            openings=[board.openings[name].pk for name in names],
            now=NOW,
        )
        make_sheet(actor=cast.counsellor, person_id=person.pk, language=language, now=NOW)
        content = read_sheet(find_sheet(cast.counsellor, person.pk), read_person(person).data_key)
    return content["code"], content["text"]


def open_page(code, birth=BORN, address="10.0.0.1", now=NOW):
    return open_phone_page(code=code, birth=birth, address=address, now=now)


def test_code_and_birth_date_open_the_same_options_as_the_paper(cast, person, board):
    code, text = make(cast, person, board)
    page = open_page(code)
    assert [option["title"] for option in page.content["options"]] == [
        "Oficial de techos",
        "Soldador de estructura ligera",
    ]
    assert page.content["options"] == list(text["options"])
    assert "name" not in page.content


@pytest.mark.parametrize("birth", [(1992, 3, 15), (1992, 4, 14), (1993, 3, 14), (1992,), (1992, 3)])
def test_another_date_does_not_open_it(cast, person, board, birth):
    code, _text = make(cast, person, board)
    with pytest.raises(WrongAnswer):
        open_page(code, PartialDate.from_parts(*birth))


def test_a_code_that_does_not_exist_answers_alike(cast, person, board, client):
    code, _text = make(cast, person, board)
    answers = []
    for tried in (code, make_code()):
        page = reverse("counselling:phone", args=[tried])
        wrong = client.post(page, {"day": "1", "month": "1", "year": "1980"})
        answers.append((wrong.status_code, wrong.content.replace(tried.encode(), b"CODE")))
        for _ in range(MOST_ON_CODE):
            barred = client.post(page, {"day": "1", "month": "1", "year": "1980"})
        answers[-1] += (barred.status_code, barred.content.replace(tried.encode(), b"CODE"))
    strip = [tuple(part if isinstance(part, int) else _without_token(part) for part in answer) for answer in answers]
    assert strip[0] == strip[1]


def _without_token(content):
    import re

    return re.sub(rb'(csrfmiddlewaretoken" value|csrf-token" content)="[^"]*"', b"", content)


def test_after_five_wrong_answers_the_right_one_waits_an_hour(cast, person, board):
    code, _text = make(cast, person, board)
    for _ in range(MOST_ON_CODE):
        with pytest.raises(WrongAnswer):
            open_page(code, PartialDate.from_parts(1980, 1, 1))
    with pytest.raises(TooManyAnswers):
        open_page(code)
    assert open_page(code, now=NOW + timedelta(minutes=61)).content["options"]


def test_an_address_that_tries_many_codes_is_barred(cast, person, board):
    for _ in range(30):
        with pytest.raises(WrongAnswer):
            open_page(make_code())
    with pytest.raises(TooManyAnswers):
        open_page(make_code())
    with pytest.raises(WrongAnswer):
        open_page(make_code(), address="10.0.0.2")


def test_attempts_older_than_an_hour_are_forgotten(cast, person, board):
    with pytest.raises(WrongAnswer):
        open_page(make_code(), now=NOW - timedelta(hours=2))
    with pytest.raises(WrongAnswer):
        open_page(make_code())
    with acting_as(PHONE):
        assert PhonePageAttempt.objects.count() == 1


def test_a_new_sheet_withdraws_the_page_of_the_old_one(cast, person, board):
    old, _text = make(cast, person, board)
    with acting_as(cast.counsellor):
        make_sheet(actor=cast.counsellor, person_id=person.pk, language="es", now=NOW)
    with pytest.raises(WrongAnswer):
        open_page(old)


def test_a_page_ends_after_half_a_year(cast, person, board):
    code, _text = make(cast, person, board)
    with pytest.raises(WrongAnswer):
        open_page(code, now=NOW + timedelta(days=181))


def test_an_opening_that_closed_is_marked(cast, person, board):
    code, _text = make(cast, person, board)
    Opening.objects.filter(pk=board.openings["roofs"].pk).update(is_open=False)
    assert open_page(code).closed == {str(board.openings["roofs"].pk)}


def test_whoever_looks_at_a_page_sees_no_person_nor_profile(cast, person, board):
    make(cast, person, board)
    with acting_as(PHONE):
        assert PhonePage.objects.count() == 1
        assert (Person.objects.count(), WorkProfile.objects.count(), Sheet.objects.count()) == (0, 0, 0)


def test_neither_the_code_nor_any_name_stands_in_the_database(cast, person, board, django_db_blocker):
    from django.db import connection

    code, _text = make(cast, person, board)
    with acting_as(cast.counsellor), connection.cursor() as cursor:
        for table in ("counselling_phonepage", "counselling_sheet", "audit_event"):
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} AS t")
            text = cursor.fetchone()[0]
            assert code not in text
            assert "Mart" not in text


def test_the_code_holds_at_least_eighty_bits():
    codes = {make_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) * 5 >= 112 and code.isalnum() for code in codes)


@pytest.mark.parametrize(
    ("year", "month", "day", "asked"),
    [(1992, 3, 14, (1992, 3, 14)), (1992, 3, None, (1992, 3, 20)), (1992, None, None, (1992, 7, 7))],
)
def test_only_what_is_known_of_the_birth_date_is_asked(cast, board, year, month, day, asked):
    identity = IdentityDocument(name=PersonName("Rosa", "Güémez", ""), birth_month=month, birth_day=day)
    person = register(cast, identity, birth_year=year)
    code, _text = make(cast, person, board)
    assert open_page(code, PartialDate.from_parts(*asked)).content["preferred"] == "Rosa"


def test_without_a_certain_birth_year_there_is_a_sheet_and_no_phone_page(cast, board):
    person = register(
        cast, IdentityDocument(name=PersonName("Rosa", "", "")), birth_year=1980, birth_precision="estimated"
    )
    code, text = make(cast, person, board)
    assert code == ""
    assert text["options"]
    with acting_as(cast.counsellor):
        assert PhonePage.objects.count() == 0


def test_nothing_chosen_makes_no_sheet(cast, person, board):
    with acting_as(cast.counsellor):
        write_profile(cast.counsellor, person.pk)
        shortlist = make_shortlist(actor=cast.counsellor, person_id=person.pk, now=NOW)
        with pytest.raises(NothingChosen):
            make_sheet(actor=cast.counsellor, person_id=person.pk, language="es", now=NOW)
        refuse_all(actor=cast.counsellor, shortlist_id=shortlist.pk, why="not_now", now=NOW)
        with pytest.raises(NothingChosen):
            make_sheet(actor=cast.counsellor, person_id=person.pk, language="es", now=NOW)


def test_the_page_opens_in_a_browser_and_is_kept_nowhere(cast, person, board, client):
    code, _text = make(cast, person, board)
    page = reverse("counselling:phone", args=[code])
    asked = client.get(page)
    assert asked.status_code == 200
    assert b"Techos" not in asked.content
    shown = client.post(page, {"day": "14", "month": "3", "year": "1992"})
    content = shown.content.decode()
    assert "Oficial de techos" in content
    assert "no-store" in shown["Cache-Control"]
    assert shown["Referrer-Policy"] == "same-origin"
    assert "noindex" in shown["X-Robots-Tag"]
    assert "valos" not in content


def test_a_date_that_does_not_exist_is_told_before_anything_is_looked_up(cast, person, board, client):
    code, _text = make(cast, person, board)
    answer = client.post(reverse("counselling:phone", args=[code]), {"day": "31", "month": "2", "year": "1992"})
    assert answer.context["form"].errors
    with acting_as(PHONE):
        assert not PhonePageAttempt.objects.exists()
