"""Papers of a case, who is in charge, closing it by two people, and how soon an office responds."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from puente.accounts.models import User
from puente.audit.models import Event
from puente.people.models import Assignment
from puente.people.pseudonyms import reference_of
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from puente.protection.case_file import read_case_file
from puente.protection.models import Case, Closure
from puente.protection.opening import read_entries
from puente.protection.services import attachments
from puente.protection.services.cases import continue_case
from puente.protection.services.responses import ResponseFigures
from puente.protection.views import cases as case_views
from tests.cast import step_up_client
from tests.hostile_files import photo, pixel_flood
from tests.protection.cases import open_for

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CLOSURE = {"reason": "goals_reached", "words": "vive con su tía y trabaja"}


@pytest.fixture
def become(client, cast):
    """`become(user)` signs the client in as somebody who stepped up."""

    def sign_in(user):
        client.force_login(user, backend=BACKEND)
        step_up_client(client)
        return client

    return sign_in


@pytest.fixture
def desk(become, cast, officer, case):
    """The officer in charge, with the case open for protection."""
    client = become(cast.users["protection"])
    with acting_as(officer):
        open_for(officer, case)
    return client


def address(name, case, *arguments):
    return reverse(f"protection:{name}", args=[case.pk, *arguments])


def text(response):
    return response.content.decode()


def picture(**options):
    return SimpleUploadedFile("noemi-xicale.jpg", photo(**options), "image/jpeg")


def attach(desk, case, **changes):
    return desk.post(
        address("paper_new", case), {"file": picture(), "title": "nota médica", "compartment": "health"} | changes
    )


def read(officer, case):
    with acting_as(officer):
        return read_case_file(read_entries(continue_case(actor=officer, case_id=case.pk, now=timezone.now())))


def test_a_picture_is_kept_without_its_place_and_taken_along_under_a_code(desk, case, officer, person):
    assert "No hay documentos adjuntos" in text(desk.get(address("papers", case)))
    assert attach(desk, case).url == address("papers", case)
    paper = read(officer, case).attachments[0]
    page = text(desk.get(address("papers", case)))
    assert "nota médica" in page
    assert "noemi" not in page
    taken = desk.get(address("paper", case, paper.id))
    assert taken["Content-Disposition"] == f'attachment; filename="{reference_of(person.pk)}-{paper.id.hex[-6:]}.jpg"'
    assert taken["Cache-Control"] == "no-store, private"
    image = Image.open(io.BytesIO(taken.content))
    assert (image.format, image.size, len(image.getexif())) == ("JPEG", (320, 240), 0)
    with acting_as(officer):
        assert Event.objects.filter(verb="attachment.opened").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"file": ""}, "Elija la imagen"),
        ({"title": ""}, "Escriba qué muestra la imagen"),
        ({"compartment": "plan"}, "Elija dónde queda el documento"),
        ({"file": SimpleUploadedFile("x.jpg", b"no picture")}, "Envíela como JPEG"),
        ({"file": SimpleUploadedFile("x.png", pixel_flood())}, "demasiados p"),
        ({"file": SimpleUploadedFile("x.jpg", b"")}, "El archivo está vacío"),
    ],
)
def test_what_cannot_be_attached_is_said_in_words(desk, case, officer, changes, words):
    page = attach(desk, case, **changes)
    assert page.status_code == 422
    assert words in text(page)
    assert read(officer, case).attachments == ()


def test_a_picture_that_is_too_large_is_refused_before_it_is_read(desk, case, monkeypatch):
    monkeypatch.setattr("puente.protection.forms.decisions.LIMITS", attachments.LIMITS.__class__(file_bytes=2))
    page = attach(desk, case)
    assert (page.status_code, "Hágala más pequeña" in text(page)) == (422, True)


def test_a_case_that_is_full_says_so(desk, case, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_FILES", 1)
    attach(desk, case)
    page = attach(desk, case)
    assert (page.status_code, "ya tiene 1 documentos" in text(page)) == (422, True)


def test_a_referral_opens_papers_of_health_alone(desk, case, officer):
    attach(desk, case)
    attach(desk, case, title="contrato falso", compartment="testimony")
    told = {paper.title: paper.id for paper in read(officer, case).attachments}
    with acting_as(officer):
        open_for(officer, case, Purpose.REFERRAL)
    page = text(desk.get(address("papers", case)))
    assert "nota médica" in page
    assert "contrato falso" not in page
    assert desk.get(address("paper", case, told["contrato falso"])).status_code == 404


def test_closing_takes_two_people_and_the_second_one_sees_the_request_alone(desk, become, cast, case, officer, person):
    assert desk.post(address("closure", case), {}).status_code == 422
    asked = desk.post(address("closure", case), CLOSURE, follow=True)
    assert "espera una decisión" in text(asked)
    assert "Otra persona decide" in text(asked)
    again = desk.post(address("closure", case), CLOSURE, follow=True)
    assert "Alguien ya lo pidió" in text(again)
    with acting_as(officer):
        closure = Closure.objects.get()
    decision = reverse("protection:closure_decide", args=[closure.pk])
    assert desk.get(decision).status_code == 404, "never by who asked"
    second = become(cast.users["supervisor"])
    assert reverse("protection:closures") in text(second.get("/protection/cases/"))
    assert decision in text(second.get(reverse("protection:closures")))
    page = text(second.get(decision))
    for words in ("vive con su tía y trabaja", "Se logró lo acordado", reference_of(person.pk), "Protection"):
        assert words in page, words
    assert "Xicale" not in page
    back = second.post(decision, {"verdict": "back"})
    assert (back.status_code, "Escriba qué falta por hacer" in text(back)) == (422, True)
    assert second.post(decision, {"verdict": "close"}).url == reverse("protection:closures")
    assert second.get(decision).status_code == 404
    with acting_as(officer):
        assert Case.objects.get(pk=case.pk).closed_at is not None
    officers = become(cast.users["protection"])
    assert reference_of(person.pk) in text(officers.get("/protection/cases/?state=closed"))


def test_what_is_sent_back_comes_with_words_and_the_case_stays_open(desk, become, cast, case, officer):
    soon = (timezone.localdate() + timedelta(days=3)).isoformat()
    desk.post(address("follow_up_plan", case), {"kind": "call", "due_on": soon})
    assert "Un seguimiento sigue pendiente" in text(desk.get(address("closure", case)))
    desk.post(address("closure", case), CLOSURE)
    with acting_as(officer):
        decision = reverse("protection:closure_decide", args=[Closure.objects.get().pk])
    second = become(cast.users["supervisor"])
    assert "Un seguimiento sigue pendiente" in text(second.get(decision))
    second.post(decision, {"verdict": "back", "words": "falta la llamada"})
    page = text(become(cast.users["protection"]).get(address("closure", case), follow=True))
    assert "falta la llamada" in page
    assert "devuelto" in page
    assert "Pedir que se cierre el caso" in page


def test_another_officer_may_decide_and_the_case_is_opened_again_with_a_reason(desk, become, cast, case, colleague):
    desk.post(address("closure", case), CLOSURE)
    second = become(User.objects.get(pk=colleague.id))
    with acting_as(colleague):
        closure = Closure.objects.get()
    second.post(reverse("protection:closure_decide", args=[closure.pk]), {"verdict": "close"})
    first = become(cast.users["protection"])
    page = text(first.get(address("case", case)))
    assert address("case_reopen", case) in page
    assert first.post(address("case_reopen", case), {"words": ""}).status_code == 422
    assert first.post(address("case_reopen", case), {"words": "volvió a llamar"}).url == address("case", case)
    assert "volvió a llamar" in text(first.get(address("history", case)))
    assert first.get(address("case_reopen", case)).status_code == 404, "it is open"


def test_supervision_passes_a_case_on_without_opening_it(become, cast, case, officer, supervisor, colleague, person):
    desk = become(cast.users["supervisor"])
    assign = address("case_assign", case)
    assert assign in text(desk.get("/protection/cases/?whose=office"))
    page = text(desk.get(assign))
    assert "Colleague" in page
    assert "Xicale" not in page
    empty = desk.post(assign, {})
    assert (empty.status_code, "Elija quién está a cargo desde ahora" in text(empty)) == (422, True)
    together = {"officer": str(colleague.id), "ending": "nobody"}
    assert desk.post(assign, together).url == "/protection/cases/"
    assert _in_charge(officer, person) == {officer.id, colleague.id}
    assert "Colleague, Protection" in _officers(desk) or "Protection, Colleague" in _officers(desk)
    page = text(desk.get(assign))
    assert "Nadie más de protección trabaja en esta oficina" in page, "both are in charge"


def test_a_charge_may_end_with_the_handing_over(become, cast, case, officer, colleague, person):
    desk = become(cast.users["supervisor"])
    desk.post(address("case_assign", case), {"officer": str(colleague.id), "ending": str(officer.id)})
    assert _in_charge(colleague, person) == {colleague.id}
    assert become(cast.users["protection"]).get(address("case", case)).status_code == 404


@pytest.mark.parametrize("role", ["protection", "reception", "coordinator"])
def test_nobody_but_supervision_passes_cases_on(become, cast, case, role):
    assert become(cast.users[role]).get(address("case_assign", case)).status_code == 404


def test_supervision_sees_how_soon_the_office_responds_and_no_small_number(become, cast, monkeypatch):
    desk = become(cast.users["supervisor"])
    page = text(desk.get("/protection/cases/"))
    assert "Muy pocos para mostrar" in page
    figures = ResponseFigures(37, 3.5, ((4, 21), (None, 16)))
    monkeypatch.setattr(case_views, "count_responses", lambda **_asked: figures)
    page = text(desk.get("/protection/cases/"))
    assert "la mitad en 3,5 horas o menos" in page or "la mitad en 3.5 horas o menos" in page
    assert "en 4 horas o menos" in page
    assert "después" in page
    assert "Qué tan pronto responde" not in text(become(cast.users["protection"]).get("/protection/cases/"))


def _in_charge(actor, person):
    with acting_as(actor):
        return set(Assignment.objects.filter(person=person, ended_at=None).values_list("user_id", flat=True))


def _officers(desk):
    return text(desk.get("/protection/cases/?whose=office"))
