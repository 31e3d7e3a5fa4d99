"""The parts of an opened case: safety plan, safe contact, follow-ups, notes and the history."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from puente.protection.case_file import read_case_file
from puente.protection.contact import Channel
from puente.protection.opening import read_entries
from puente.protection.services import may_contact
from puente.protection.services.cases import continue_case
from tests.cast import step_up_client
from tests.protection.cases import open_for
from tests.trust.browser import find_form, read_forms

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SOON = (timezone.localdate() + timedelta(days=30)).isoformat()
PLAN = {"risk": "high", "risks": "el primo la busca", "code_word": "nopal", "ready": ["papers"], "review_on": SOON}
CONTACT = {
    "channels": ["call"], "number": "656 000 0000", "days": [str(day) for day in range(7)], "begins": "00:00",
    "ends": "23:59", "neutral_only": "on", "never": "el nombre de la oficina", "review_on": SOON,
}  # fmt: skip


@pytest.fixture
def desk(client, cast, officer, case):
    """The officer in charge, with the case open for protection."""
    client.force_login(cast.users["protection"], backend=BACKEND)
    step_up_client(client)
    with acting_as(officer):
        open_for(officer, case)
    return client


@pytest.fixture
def read(officer, case):
    """`read()` returns the case file as its officer reads it."""

    def file():
        with acting_as(officer):
            return read_case_file(read_entries(continue_case(actor=officer, case_id=case.pk, now=timezone.now())))

    return file


def address(name, case, *arguments):
    return reverse(f"protection:{name}", args=[case.pk, *arguments])


def text(response):
    return response.content.decode()


def test_a_safety_plan_is_written_and_keeps_its_versions(desk, case, read):
    assert "Todavía no hay plan de seguridad" in text(desk.get(address("safety_plan", case)))
    assert desk.post(address("plan_write", case), PLAN).url == address("safety_plan", case)
    form = text(desk.get(address("plan_write", case)))
    assert "el primo la busca" in form, "a new version begins with the one in force"
    desk.post(address("plan_write", case), PLAN | {"risk": "low", "risks": "nadie la busca"})
    page = text(desk.get(address("safety_plan", case)))
    assert page.index("nadie la busca") < page.index("el primo la busca")
    assert "Los documentos están en manos seguras" in page
    assert [version.content.risk for version in read().plans] == ["high", "low"]
    assert "Bajo" in text(desk.get("/protection/cases/"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"risk": ""}, "Elija qué tan cerca está el daño"),
        ({"risks": ""}, "Escriba qué amenaza a la persona"),
        ({"review_on": ""}, "Escriba el día en que se revisa el plan"),
        ({"review_on": "2020-01-01"}, "Ese día ya pasó"),
        ({"code_word": "x" * 201}, "Acorte el texto a 200 caracteres"),
        ({"ready": ["wings"]}, "Elija de la lista"),
    ],
)
def test_what_a_plan_lacks_is_said_in_words(desk, case, read, changes, words):
    page = desk.post(address("plan_write", case), PLAN | changes)
    assert page.status_code == 422
    assert words in text(page)
    assert read().plans == ()


def test_until_somebody_writes_how_to_reach_the_person_nothing_goes_out(desk, case, officer, person):
    page = text(desk.get(address("contact", case)))
    assert "No sale nada" in page
    assert page.count("no permitido") == len(Channel)
    assert desk.post(address("contact_write", case), CONTACT).url == address("contact", case)
    page = text(desk.get(address("contact", case)))
    assert page.count("no permitido") == len(Channel) - 1
    form = find_form(text(desk.get(address("contact_write", case))), "never")
    assert (form.values["channels"], form.values["days"]) == (["call"], [str(day) for day in range(7)])
    assert "el nombre de la oficina" in page
    with acting_as(officer):
        now = timezone.now()
        assert may_contact(actor=officer, person_id=person.pk, channel=Channel.CALL, now=now)
        assert not may_contact(actor=officer, person_id=person.pk, channel=Channel.PAPER, now=now)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends": "00:00"}, "Escriba una hora posterior a la de inicio"),
        ({"begins": "25:99"}, "Escriba la hora como 09:30"),
        ({"days": []}, "Elija al menos un día"),
        ({"channels": ["pigeon"]}, "Elija de la lista"),
        ({"review_on": "2020-01-01"}, "Ese día ya pasó"),
    ],
)
def test_what_the_instructions_lack_is_said_in_words(desk, case, read, changes, words):
    page = desk.post(address("contact_write", case), CONTACT | changes)
    assert page.status_code == 422
    assert words in text(page)
    assert read().contacts == ()


def test_whom_nobody_may_reach_needs_no_days(desk, case, read):
    desk.post(address("contact_write", case), CONTACT | {"channels": [], "days": []})
    assert read().contact.channels == frozenset()
    assert "Nada" in text(desk.get(address("contact", case)))


def test_what_is_planned_waits_until_somebody_writes_what_became_of_it(desk, case, read):
    assert "No hay nada planeado" in text(desk.get(address("follow_ups", case)))
    planned = {"kind": "call", "due_on": SOON, "words": "a la tía"}
    assert desk.post(address("follow_up_plan", case), planned).url == address("follow_ups", case)
    one = read().follow_ups[0]
    assert address("follow_up", case, one.id) in text(desk.get(address("follow_ups", case)))
    assert "Llamada" in text(desk.get("/protection/cases/"))
    assert "Llamada" in text(desk.get(address("case", case)))
    missing = desk.post(address("follow_up", case, one.id), {"words": "está bien"})
    assert (missing.status_code, "Elija qué resultó" in text(missing)) == (422, True)
    desk.post(address("follow_up", case, one.id), {"result": "done", "words": "está bien"})
    page = text(desk.get(address("follow_ups", case)))
    assert "está bien" in page
    assert address("follow_up", case, one.id) not in page
    assert desk.get(address("follow_up", case, one.id)).status_code == 404, "it is finished"


@pytest.mark.parametrize("changes", [{"kind": ""}, {"due_on": "2020-01-01"}, {"due_on": "mañana"}])
def test_what_a_follow_up_lacks_is_said(desk, case, read, changes):
    page = desk.post(address("follow_up_plan", case), {"kind": "call", "due_on": SOON} | changes)
    assert page.status_code == 422
    assert read().follow_ups == ()


def test_a_note_lies_where_it_was_put_and_its_correction_keeps_the_earlier_words(desk, case, officer):
    assert desk.post(address("note_new", case), {"words": ""}).status_code == 422
    note = {"compartment": "testimony", "words": "teme al patrón"}
    assert desk.post(address("note_new", case), note).url == address("history", case)
    page = text(desk.get(address("history", case)))
    assert "teme al patrón" in page
    assert "Lo que la persona contó" in page
    entry = page.split("/notes/")[2].split("/")[0]
    desk.post(address("note", case, entry), {"words": "teme al capataz"})
    page = text(desk.get(address("history", case)))
    assert "teme al capataz" in page
    assert "teme al patrón" in page, "what it said before stays"
    assert desk.get(address("note", case, entry)).status_code == 404, "it was replaced"
    with acting_as(officer):
        open_for(officer, case, Purpose.FOLLOW_UP)
    page = text(desk.get(address("history", case)))
    assert "teme al" not in page
    assert "estas partes siguen cerradas: Salud, Lo que la persona contó" in page
    assert 'value="testimony"' not in text(desk.get(address("note_new", case)))
    refused = desk.post(address("note_new", case), note)
    assert (refused.status_code, "Elija dónde queda la nota" in text(refused)) == (422, True)


def test_the_history_says_who_wrote_what_and_who_opened_the_case(desk, case):
    desk.post(address("plan_write", case), PLAN)
    desk.post(address("follow_up_plan", case), {"kind": "visit", "due_on": SOON, "words": "al refugio"})
    page = text(desk.get(address("history", case)))
    for words in ("Plan de seguridad", "Visita", "al refugio", "Quién abrió este caso", "Protection"):
        assert words in page, words
    assert "abrió el caso" in page


def test_a_closed_case_is_read_and_not_written(desk, case, officer):
    desk.post(address("plan_write", case), PLAN)
    with acting_as(officer):
        type(case).objects.filter(pk=case.pk).update(closed_at=timezone.now())
    for part in ("case", "safety_plan", "contact", "follow_ups", "history"):
        page = desk.get(address(part, case))
        assert page.status_code == 200
        assert "/new/" not in text(page), part
    assert desk.post(address("plan_write", case), PLAN).status_code == 404


def test_every_link_and_button_of_the_parts_leads_somewhere(desk, case):
    desk.post(address("plan_write", case), PLAN)
    desk.post(address("contact_write", case), CONTACT)
    desk.post(address("follow_up_plan", case), {"kind": "call", "due_on": SOON})
    desk.post(address("note_new", case), {"compartment": "plan", "words": "nota"})
    seen, waiting = set(), [address("case", case)]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        answer = desk.get(page)
        assert answer.status_code == 200, page
        main = text(answer).partition('id="main"')[2]
        found = re.findall(r'href="(/[^"#?]*)', main)
        waiting += [one for one in found if one.startswith(address("case", case)) and not one.endswith(".pdf")]
        assert read_forms(main), page
    assert len(seen) > 12
