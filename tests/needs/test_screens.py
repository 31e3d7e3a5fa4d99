import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from puente.audit.models import Event
from puente.instruments.models import Answer, Response
from puente.needs.models import Need
from puente.needs.services import add_need, open_assessment, start_assessment, update_need
from puente.protection.models import Handover
from tests.needs.conftest import say
from tests.needs.people import receive

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def desk(cast, client):
    """`desk("counsellor")` signs a member of the cast in and returns the client, reading English."""

    def sign_in(role):
        client.force_login(cast.users[role], backend=BACKEND)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


@pytest.fixture
def draft(cast, acting, arrived):
    with acting(cast.counsellor):
        return start_assessment(
            actor=cast.counsellor, person_id=arrived.person_id, office_id=cast.bridge.pk, now=timezone.now()
        )


def step_url(response, code):
    return reverse("needs:step", args=[response.pk, code])


def replies_of(cast, acting, response):
    with acting(cast.counsellor):
        return open_assessment(actor=cast.counsellor, response_id=response.pk).replies


def text_of(page):
    return re.sub(r"\s+", " ", page.content.decode())


def test_the_questions_begin_with_a_button_and_go_on_where_they_were_left(cast, acting, desk, arrived):
    counsellor = desk("counsellor")
    page = counsellor.post(reverse("needs:start", args=[arrived.person_id]), follow=True)
    assert page.redirect_chain[-1][0].endswith("/step/safety/?question=safety_now")
    url = page.request["PATH_INFO"]
    counsellor.post(url, {"asked": "safety_now", "only": "safety_now", "safety_now": "no"})
    page = counsellor.post(reverse("needs:start", args=[arrived.person_id]), follow=True)
    assert page.redirect_chain[-1][0].endswith("?question=safety_help")
    assert "question 2 of" in text_of(page)
    with acting(cast.counsellor):
        assert Response.objects.count() == 1


def test_a_desk_saves_a_whole_step_and_goes_on_to_the_next(cast, acting, desk, draft):
    asked = ["safety_now", "safety_help", "safety_places", "safety_phone", "safety_other"]
    page = desk("counsellor").post(
        step_url(draft, "safety"), {"asked": asked, "all": "1", "safety_now": "no", "safety_places": "Apatzingán"}
    )
    assert page["Location"].startswith(step_url(draft, "health"))
    replies = replies_of(cast, acting, draft)
    assert {name: reply.state.value for name, reply in replies.items()} == {
        "safety_now": "answered", "safety_help": "passed", "safety_places": "answered",
        "safety_phone": "passed", "safety_other": "passed",
    }  # fmt: skip


def test_a_question_that_turns_out_to_matter_is_asked_before_the_step_is_left(desk, draft):
    page = desk("counsellor").post(
        step_url(draft, "health"), {"asked": ["health_now"], "all": "1", "health_now": ["medicine"]}
    )
    assert page["Location"].endswith("health/?question=health_medicine")


def test_the_page_shows_at_once_what_an_answer_makes_matter_and_saves_nothing(cast, acting, desk, draft):
    said = {"asked": ["health_now"], "preview": "1", "health_now": ["medicine"], "health_other": "half a sentence"}
    page = desk("counsellor").post(step_url(draft, "health"), said, headers={"HX-Request": "true"})
    text = text_of(page)
    assert "answer_health_medicine" in text
    assert "half a sentence" in text
    assert "<html" not in text
    with acting(cast.counsellor):
        assert Answer.objects.count() == 0


def test_whoever_prefers_not_to_answer_goes_on(cast, acting, desk, draft):
    page = desk("counsellor").post(step_url(draft, "safety"), {"asked": "safety_now", "decline": "safety_now"})
    assert page["Location"].endswith("?question=safety_help")
    assert replies_of(cast, acting, draft)["safety_now"].state == "declined"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"only": "safety_now"}, "Answer this question, or choose “Prefers not to answer”"),
        ({"only": "safety_help", "safety_help": ["phone", "none"]}, "alone, or leave it out"),
        ({"only": "safety_phone", "safety_phone": "maybe"}, "Choose one of the answers in the list"),
        ({"only": "safety_other", "safety_other": "x" * 2_001}, "Shorten the text to 2000 characters"),
    ],
)
def test_a_reply_that_cannot_be_says_what_to_do_in_the_summary_and_at_the_question(
    cast, acting, desk, draft, said, words
):
    page = desk("counsellor").post(step_url(draft, "safety"), said)
    assert page.status_code == 422
    assert text_of(page).count(words) == 2
    with acting(cast.counsellor):
        assert Answer.objects.count() == 0


def test_nothing_sensitive_is_chosen_beforehand_not_even_what_was_answered(cast, acting, desk, draft):
    with acting(cast.counsellor):
        say(cast.counsellor, draft.pk, safety_now=["threatened"], safety_phone="only_messages")
    text = text_of(desk("counsellor").get(step_url(draft, "safety")))
    tile = re.search(r'<input[^>]*value="threatened"[^>]*>', text)
    assert tile
    assert "checked" not in tile.group()
    assert re.search(r'<input[^>]*value="only_messages"[^>]*checked', text)
    assert "There is an answer already" in text


def test_danger_shows_only_that_the_person_continues_with_another_service(cast, acting, desk, draft):
    counsellor = desk("counsellor")
    page = counsellor.post(
        step_url(draft, "safety"), {"asked": "safety_now", "only": "safety_now", "safety_now": ["forced"]}, follow=True
    )
    main = text_of(page).partition("<main")[2]
    assert "Continues with another service" in main
    for word in ("danger", "forc", "protect"):
        assert word not in main.lower()
    with acting(cast.protection):
        assert Handover.objects.count() == 1


def test_a_step_that_is_gone_or_another_office_finds_nothing(desk, draft):
    assert desk("counsellor").get(step_url(draft, "nowhere")).status_code == 404
    for role in ("far_counsellor", "liaison", "administrator"):
        client = desk(role)
        assert client.get(step_url(draft, "safety")).status_code == 404
        assert client.get(reverse("needs:review", args=[draft.pk])).status_code == 404
        assert client.get(reverse("needs:person", args=[draft.person_id])).status_code == 404


def test_reception_reads_and_is_offered_no_change(desk, draft):
    reception = desk("reception")
    assert reception.get(step_url(draft, "safety")).status_code == 404
    assert reception.post(reverse("needs:start", args=[draft.person_id])).status_code == 404
    text = text_of(reception.get(reverse("needs:review", args=[draft.pk])))
    assert "Finish and note" not in text
    assert "/correct/" not in text


def test_the_review_names_what_is_left_and_does_not_finish_before(cast, acting, desk, draft):
    counsellor = desk("counsellor")
    text = text_of(counsellor.get(reverse("needs:review", args=[draft.pk])))
    assert "These questions are left" in text
    page = counsellor.post(reverse("needs:finish", args=[draft.pk]))
    assert page["Location"].endswith("?question=safety_now")
    with acting(cast.counsellor):
        assert Need.objects.count() == 0


def test_finishing_shows_the_needs_of_the_person(desk, arrived, assess):
    assess(safety_now=["no"], shelter_tonight="no")
    text = text_of(desk("counsellor").get(reverse("needs:person", args=[arrived.person_id])))
    assert "A place to sleep tonight" in text or "sleep tonight" in text
    assert "Noemí Güémez Ortiz" in text


def test_a_correction_shows_the_earlier_answer_with_who_and_why(cast, desk, assess):
    outcome = assess(safety_now=["no"], health_other="rodilla izquierda")
    counsellor = desk("counsellor")
    url = reverse("needs:correct", args=[outcome.opened.response.pk, "health_other"])
    assert "rodilla izquierda" in text_of(counsellor.get(url))
    page = counsellor.post(url, {"answer": "rodilla derecha", "reason": ""})
    assert page.status_code == 422
    assert text_of(page).count("Write why, in a few words") == 2
    page = counsellor.post(url, {"answer": "rodilla derecha", "reason": "Oí mal"}, follow=True)
    text = text_of(page)
    assert "<b>rodilla derecha</b>" in text
    assert "«rodilla izquierda»" in text
    assert f"{cast.users['counsellor'].name}: Oí mal" in text


def test_the_review_looks_the_same_whatever_was_said_about_danger(desk, assess, cast, acting, arrived):
    def lines(outcome):
        text = text_of(desk("counsellor").get(reverse("needs:review", args=[outcome.opened.response.pk])))
        line = re.search(r'<dl class="answers"><div>.*?</div>', text).group()
        return line.replace(str(outcome.opened.response.pk), "")

    calm = lines(assess(safety_now=["no"]))
    alarmed = lines(assess(safety_now=["in_danger_here", "forced"]))
    assert calm == alarmed
    assert "Not shown, whatever the answer" in calm


def test_the_list_shows_names_to_who_may_open_the_file_and_filters_by_the_address(cast, acting, desk, arrived, assess):
    assess(safety_now=["no"], health_now=["medicine"], work_wants="later", work_help=["tools"])
    counsellor = desk("counsellor")
    text = text_of(counsellor.get(reverse("needs:list")))
    assert "Güémez Ortiz, Noemí" in text
    assert "2 pending needs" in text
    text = text_of(counsellor.get(reverse("needs:list"), {"group": "health"}))
    assert text.count("record-link") == 1
    assert "No need of this kind is pending" in text_of(counsellor.get(reverse("needs:list"), {"due": "overdue"}))
    for role in ("far_counsellor",):
        text = text_of(desk(role).get(reverse("needs:list"), {"office": cast.bridge.code}))
        assert "Güémez" not in text
        assert "No need is pending" in text
    assert desk("liaison").get(reverse("needs:list")).status_code == 404


def count_queries(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_list_asks_the_database_as_often_for_one_need_as_for_many(cast, acting, desk, arrived, assess):
    assess(safety_now=["no"], health_now=["medicine"])
    counsellor, url = desk("counsellor"), reverse("needs:list")
    counsellor.get(url)
    before = count_queries(counsellor, url)
    with acting(cast.reception):
        arrived.person_id, arrived.arrival_id = receive(cast.reception, cast.bridge)
    assess(safety_now=["no"], health_now=["pain_now", "pregnant"], shelter_needs=["food", "clothes", "bath"])
    assert text_of(counsellor.get(url)).count("record-link") == 6
    assert count_queries(counsellor, url) == before <= 20


def test_a_step_asks_the_database_as_often_after_one_answer_as_after_many(cast, acting, desk, draft):
    counsellor, url = desk("counsellor"), step_url(draft, "health")
    with acting(cast.counsellor):
        say(cast.counsellor, draft.pk, safety_now=["no"])
    counsellor.get(url)
    before = count_queries(counsellor, url)
    with acting(cast.counsellor):
        said = {"safety_phone": "yes", "health_now": ["medicine"], "health_medicine": "x", "money_now": ["debts"]}
        say(cast.counsellor, draft.pk, **said)
    assert count_queries(counsellor, url) == before <= 20


def test_the_file_of_the_list_holds_no_name_and_leaves_an_event(cast, acting, desk, assess):
    assess(safety_now=["no"], health_now=["medicine"])
    page = desk("counsellor").get(reverse("needs:export"), {"group": "health"})
    rows = list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["Medicine"]
    assert "Güémez" not in page.content.decode()
    assert "Güémez" not in page["Content-Disposition"]
    with acting(cast.coordinator):
        assert Event.objects.filter(verb="need.exported").count() == 1


def test_a_need_is_added_planned_and_settled_on_its_pages(cast, acting, desk, arrived):
    counsellor = desk("counsellor")
    url = reverse("needs:add", args=[arrived.person_id])
    assert text_of(counsellor.post(url, {"kind": ""})).count("Choose what the person needs from the list") == 2
    page = counsellor.post(url, {"kind": "clothes", "note": "Talla chica"}, follow=True)
    assert "«Talla chica»" in text_of(page)
    with acting(cast.counsellor):
        need = Need.objects.get()
    assert "already" in text_of(counsellor.post(url, {"kind": "clothes"}))
    said = {"urgency": "later", "service": "shelter", "due_on": need.due_on.replace(year=need.due_on.year + 1)}
    page = counsellor.post(reverse("needs:plan", args=[need.pk]), said, follow=True)
    assert "urgency: later, before: today" in text_of(page)
    page = counsellor.post(reverse("needs:plan", args=[need.pk]), said | {"due_on": "2001-01-01"})
    assert (page.status_code, text_of(page).count("Choose a day from today on")) == (422, 2)
    page = counsellor.post(reverse("needs:move", args=[need.pk]), {"status": "withdrawn", "reason": ""})
    assert (page.status_code, text_of(page).count("Write why, in a few words")) == (422, 2)
    page = counsellor.post(reverse("needs:move", args=[need.pk]), {"status": "met"}, follow=True)
    assert "Open it again" in text_of(page)


def test_who_may_not_change_a_need_sees_it_without_forms(cast, acting, desk, arrived):
    with acting(cast.counsellor):
        need = add_need(
            actor=cast.counsellor, person_id=arrived.person_id, office_id=cast.bridge.pk, kind="clothes",
            now=timezone.now(),
        )  # fmt: skip
    coordinator = desk("coordinator")
    text = text_of(coordinator.get(reverse("needs:need", args=[need.pk])))
    assert "Who acts, by when" in text
    assert "Note it" not in text
    assert coordinator.post(reverse("needs:move", args=[need.pk]), {"status": "met"}).status_code == 404
    assert desk("far_counsellor").get(reverse("needs:need", args=[need.pk])).status_code == 404


def test_a_settled_need_leaves_the_list_and_stays_with_the_person(cast, acting, desk, arrived):
    with acting(cast.counsellor):
        need = add_need(
            actor=cast.counsellor, person_id=arrived.person_id, office_id=cast.bridge.pk, kind="clothes",
            now=timezone.now(),
        )  # fmt: skip
        update_need(actor=cast.counsellor, need_id=need.pk, status="met", now=timezone.now())
    counsellor = desk("counsellor")
    assert "record-link" not in text_of(counsellor.get(reverse("needs:list")))
    assert "Settled" in text_of(counsellor.get(reverse("needs:person", args=[arrived.person_id])))


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_every_page_opens_in_every_language(desk, assess, arrived, cast, acting, language):
    outcome = assess(safety_now=["no"], health_now=["medicine"], health_medicine="Insulina")
    with acting(cast.counsellor):
        need = Need.objects.get(kind_id="medicine")
        again = start_assessment(
            actor=cast.counsellor, person_id=arrived.person_id, office_id=cast.bridge.pk, now=timezone.now()
        )
    counsellor = desk("counsellor")
    counsellor.cookies["django_language"] = language
    response = outcome.opened.response.pk
    for url in (
        reverse("needs:list"), reverse("needs:person", args=[arrived.person_id]), reverse("needs:need", args=[need.pk]),
        reverse("needs:add", args=[arrived.person_id]), reverse("needs:review", args=[response]),
        reverse("needs:correct", args=[response, "safety_now"]), step_url(again, "money"),
        reverse("needs:continues", args=[again.pk]),
    ):  # fmt: skip
        page = counsellor.get(url)
        assert page.status_code == 200, url
        assert f'<html lang="{language}"' in page.content.decode()
