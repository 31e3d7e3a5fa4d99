"""The pages of a case: the list, the purpose asked before one opens, the frame, and the way in from the inbox."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from puente.accounts.models import User
from puente.audit.models import Event
from puente.engines.identity.names import PersonName
from puente.people.models import Assignment
from puente.people.pseudonyms import reference_of
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, register_person
from puente.platform.ids import make_id
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from puente.protection.boxes import Service
from puente.protection.handovers import Reason
from puente.protection.models import Case, Handover
from puente.protection.services import create_case, open_case, send_handover
from tests.cast import step_up_client

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LIST = "/protection/cases/"
TABS = (
    "case", "safety_plan", "contact", "follow_ups", "screenings", "vulnerability", "child", "referrals",
    "papers", "history",
)  # fmt: skip


@pytest.fixture
def sign_in(client, cast):
    """`sign_in("protection")` returns a client of that member of staff, stepped up."""

    def become(role):
        client.force_login(cast.users[role], backend=BACKEND)
        step_up_client(client)
        return client

    return become


def address(name, case, **arguments):
    return reverse(f"protection:{name}", kwargs={"case_id": case.pk, **arguments})


def open_pages(officer, case, purpose=Purpose.PROTECTION, ago=timedelta()):
    with acting_as(officer):
        open_case(actor=officer, case_id=case.pk, purpose=purpose, now=timezone.now() - ago)


def text(response):
    return response.content.decode()


def count_openings(cast, case):
    with acting_as(cast.supervisor):
        return Event.objects.filter(verb="case.opened", record_id=case.pk).count()


@pytest.mark.parametrize("tab", TABS)
def test_no_part_of_a_case_opens_before_the_purpose_was_asked(sign_in, case, tab):
    page = sign_in("protection").get(address(tab, case))
    assert page.status_code == 302
    assert page.url == f"{address('case_open', case)}?next={quote(address(tab, case), safe='')}"


def test_the_purpose_once_given_opens_every_part_and_leaves_one_event(sign_in, cast, case):
    desk = sign_in("protection")
    target = address("screenings", case)
    question = f"{address('case_open', case)}?next={quote(target)}"
    assert "¿Para qué abre el caso?" in text(desk.get(question))
    assert desk.post(question, {"opening_purpose": "protection"}).url == target
    for tab in TABS:
        page = desk.get(address(tab, case))
        assert page.status_code == 200, tab
        assert "Abierto para <b>protección</b>" in text(page)
        assert page["Cache-Control"] == "no-store, private"
    assert count_openings(cast, case) == 1


def test_without_a_purpose_nothing_opens(sign_in, cast, case):
    page = sign_in("protection").post(address("case_open", case), {"opening_purpose": "statistics"})
    assert page.status_code == 422
    assert "Elija uno de los propósitos de abajo" in text(page)
    assert count_openings(cast, case) == 0


def test_the_question_leads_nowhere_but_into_the_case(sign_in, case):
    desk = sign_in("protection")
    for target in ("https://example.org/", "//example.org", "/account/", f"/protection/cases/{make_id()}/"):
        sent = desk.post(f"{address('case_open', case)}?next={quote(target)}", {"opening_purpose": "protection"})
        assert sent.url == address("case", case), target


def test_a_follow_up_does_not_open_what_the_person_told(sign_in, officer, case):
    desk = sign_in("protection")
    open_pages(officer, case, Purpose.FOLLOW_UP)
    assert "Abierto para <b>seguimiento</b>" in text(desk.get(address("case", case)))
    for tab in ("screenings", "vulnerability", "child", "papers"):
        page = desk.get(address(tab, case), follow=True)
        assert page.request["PATH_INFO"] == address("case_open", case), tab
        assert "El caso está abierto para seguimiento" in text(page)


def test_after_a_quarter_of_an_hour_the_purpose_is_asked_again(sign_in, officer, case):
    desk = sign_in("protection")
    open_pages(officer, case, ago=timedelta(minutes=16))
    assert desk.get(address("case", case)).url.startswith(address("case_open", case))


def test_what_was_written_in_a_case_that_closed_meanwhile_is_sent_with_the_answer(sign_in, officer, case):
    desk = sign_in("protection")
    typed = {
        "factor": "other:household", "own_words": "deuda", "effect": "risk", "evidence": "debe dinero", "action": "",
    }  # fmt: skip
    asked = desk.post(address("factor_new", case), typed)
    assert asked.status_code == 401
    assert 'value="debe dinero"' in text(asked)
    sent = desk.post(address("factor_new", case), typed | {"opening_purpose": "protection"})
    assert sent.url == address("vulnerability", case)
    assert "debe dinero" in text(desk.get(sent.url))


def test_closing_the_pages_asks_for_the_purpose_again(sign_in, officer, case):
    desk = sign_in("protection")
    open_pages(officer, case)
    assert desk.get(address("case", case)).status_code == 200
    assert desk.post(address("case_leave", case)).url == LIST
    assert desk.get(address("case", case)).url.startswith(address("case_open", case))


def test_who_is_not_in_charge_finds_the_same_as_for_a_case_that_does_not_exist(client, cast, case, colleague):
    other = Case(pk=make_id())
    client.force_login(cast.users["supervisor"], backend=BACKEND)
    step_up_client(client)
    for who in (None, colleague):
        if who is not None:
            client.force_login(User.objects.get(pk=who.id), backend=BACKEND)
            step_up_client(client)
        for name in (*TABS, "case_open"):
            real, invented = client.get(address(name, case)), client.get(address(name, other))
            assert (real.status_code, invented.status_code) == (404, 404), name
            assert _strip(text(real)) == _strip(text(invented))
        sent = client.post(address("case_open", case), {"opening_purpose": "protection"})
        assert sent.status_code == 404
    assert count_openings(cast, case) == 0


def _strip(html):
    return re.sub(r'csrf[^>]*|nonce="[^"]*"|value="[^"]*"|/watermark[^"]*|[0-9a-f-]{36}', "", html)


@pytest.mark.parametrize("role", ["reception", "counsellor", "coordinator", "administrator", "analyst"])
def test_nobody_outside_protection_finds_the_list(sign_in, role):
    assert sign_in(role).get(LIST).status_code == 404


def test_no_page_says_the_name_in_its_title(sign_in, officer, case, person):
    desk = sign_in("protection")
    open_pages(officer, case)
    for page in (LIST, *(address(tab, case) for tab in TABS)):
        title = re.search(r"<title>(.*?)</title>", text(desk.get(page)), re.S)[1]
        assert "Noemí" not in title
        assert "Xicale" not in title


def test_the_own_list_shows_a_masked_name_and_the_office_list_a_reference(sign_in, case, person):
    desk = sign_in("protection")
    own = text(desk.get(LIST))
    assert reference_of(person.pk) in own
    assert "Xicale" not in own
    assert address("case", case) in own
    office = text(desk.get(f"{LIST}?whose=office"))
    assert reference_of(person.pk) in office
    assert "Protection" in office
    assert "No hay casos cerrados" in text(desk.get(f"{LIST}?state=closed"))


def test_of_a_case_in_other_hands_the_list_tells_that_it_exists_and_leads_to_asking(client, colleague, case, person):
    client.force_login(User.objects.get(pk=colleague.id), backend=BACKEND)
    step_up_client(client)
    page = text(client.get(f"{LIST}?whose=office"))
    assert reference_of(person.pk) in page
    assert address("case", case) not in page
    assert f"{reverse('protection:access_ask')}?reference={reference_of(person.pk)}" in page


def test_more_cases_cost_no_more_queries(sign_in, cast, officer, case):
    desk = sign_in("protection")

    def count():
        with CaptureQueriesContext(connection) as own:
            assert desk.get(LIST).status_code == 200
        with CaptureQueriesContext(connection) as office:
            assert desk.get(f"{LIST}?whose=office").status_code == 200
        return len(own), len(office)

    count()
    before = count()
    for number in range(4):
        with acting_as(cast.reception):
            one = register_person(
                actor=cast.reception, office_id=cast.bridge.pk, facts=PersonFacts(sex="F"), now=timezone.now(),
                identity=IdentityDocument(PersonName(f"Ana{number}", "Pech", "Uc")),
            )  # fmt: skip
        with acting_as(officer):
            create_case(actor=officer, person_id=one.pk, office_id=cast.bridge.pk, now=timezone.now())
    assert count() == before


def test_an_officer_takes_on_who_was_handed_over_and_is_in_charge(sign_in, cast, officer, person):
    handover = _hand_over(cast, person)
    desk = sign_in("protection")
    page = text(desk.get(reverse("protection:handover", args=[handover.pk])))
    assert "Atender a la persona y abrir el caso" in page
    taken = desk.post(reverse("protection:take_on", args=[handover.pk]))
    with acting_as(officer):
        case = Case.objects.get(person_id=person.pk)
        assert list(Assignment.objects.filter(person=person, ended_at=None).values_list("user_id", flat=True)) == [
            officer.id
        ]
    assert taken.url == address("case", case)
    assert desk.get(taken.url).status_code == 200
    page = text(desk.get(reverse("protection:handover", args=[handover.pk])))
    assert "Ya hay un caso abierto de esta persona" in page
    assert address("case", case) in page
    assert desk.post(reverse("protection:take_on", args=[handover.pk])).url == address("case", case)


def test_where_another_officer_has_the_case_the_page_says_so_and_opens_none(client, cast, officer, colleague, person):
    handover = _hand_over(cast, person)
    with acting_as(officer):
        create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=timezone.now())
    client.force_login(User.objects.get(pk=colleague.id), backend=BACKEND)
    step_up_client(client)
    at = reverse("protection:handover", args=[handover.pk])
    page = text(client.get(at))
    assert "Ya hay un caso abierto de esta persona" in page
    assert "Atender a la persona y abrir el caso" not in page
    refused = client.post(reverse("protection:take_on", args=[handover.pk]), follow=True)
    assert "Otra persona oficial tiene un caso abierto de esta persona" in text(refused)
    with acting_as(officer):
        assert Case.objects.filter(person=person).count() == 1


def test_a_supervisor_takes_nobody_on(sign_in, cast, person):
    handover = _hand_over(cast, person)
    desk = sign_in("supervisor")
    at = reverse("protection:handover", args=[handover.pk])
    assert "abrir el caso" not in text(desk.get(at))
    assert desk.post(reverse("protection:take_on", args=[handover.pk])).status_code == 404


def _hand_over(cast, person):
    with acting_as(cast.reception):
        send_handover(
            actor=cast.reception, person_id=person.pk, office_id=cast.bridge.pk, service=Service.PROTECTION,
            reasons=[Reason.IN_DANGER], turn="A-007", now=timezone.now(),
        )  # fmt: skip
    with acting_as(cast.protection):
        return Handover.objects.filter(person=person).latest("sent_at")
