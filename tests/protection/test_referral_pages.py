"""The pages of referrals: consent first, only what the service may be told, exactly what was shown, to its delivery."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from puente.audit.models import Event
from puente.engines.identity.names import PersonName
from puente.people.pseudonyms import reference_of
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, correct_person, record_consents
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from puente.protection.case_file import read_case_file
from puente.protection.contact import Channel, ContactInstructions
from puente.protection.opening import read_entries
from puente.protection.referrals import State, Way, load_schemas
from puente.protection.services import open_case
from puente.protection.services.plans import save_contact
from puente.protection.services.referrals import read_copy
from tests.cast import step_up_client
from tests.protection.cases import open_for
from tests.protection.conftest import step_up

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
VICTIMS, SHELTER = "juarez_victims", "juarez_casa_del_migrante"


@pytest.fixture
def consenting(cast, officer, person, case):
    """The case of a person who said yes to being referred."""
    decide(cast, officer, person, "given")
    return case


def decide(cast, officer, person, decision):
    with acting_as(officer):
        record_consents(
            actor=officer, person_id=person.pk, office_id=cast.bridge.pk, decisions={"referral": decision},
            language="es", means="signature", purpose=Purpose.PROTECTION, now=timezone.now(),
        )  # fmt: skip


@pytest.fixture
def desk(client, cast, officer, case):
    """The officer at the pages of the case, open for protection."""
    return open_pages(client, cast, officer, case, Purpose.PROTECTION)


def open_pages(client, cast, officer, case, purpose):
    client.force_login(cast.users["protection"], backend=BACKEND)
    step_up_client(client)
    with acting_as(officer):
        open_case(actor=officer, case_id=case.pk, purpose=purpose, now=timezone.now())
    return client


def address(name, case, **arguments):
    return reverse(f"protection:{name}", kwargs={"case_id": case.pk, **arguments})


def text(response):
    return response.content.decode()


def said(service=VICTIMS, step="preview", **changes):
    return {
        "service": service, "step": step, "told_asked": "Registro y medidas", "told_presumed": "Retención de papeles",
        "told_safe_contact": "A través de esta oficina", "way": "by_hand",
        "expires_on": timezone.localdate() + timedelta(days=20),
    } | changes  # fmt: skip


def send(desk, case, **changes):
    """Go through the preview and send exactly what it showed."""
    page = desk.post(address("referral_new", case), said(**changes))
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text(page)))
    hidden.pop("csrfmiddlewaretoken", None)
    return desk.post(address("referral_new", case), hidden | {"step": "send"}, follow=True)


def read(officer, case, purpose=Purpose.PROTECTION):
    with acting_as(officer):
        opened = open_for(officer, case, purpose)
        return opened, list(read_case_file(read_entries(opened)).referrals)


def test_without_consent_a_page_leads_to_the_question(cast, officer, desk, person, case):
    for decision in (None, "refused", "withdrawn"):
        if decision:
            decide(cast, officer, person, decision)
        page = text(desk.get(address("referral_new", case)))
        assert "Primero decide la persona" in page
        assert reverse("people:consents", args=[person.pk]) in page
        page = text(desk.post(address("referral_new", case), said(step="send")))
        assert "Primero decide la persona" in page
    assert read(officer, case)[1] == []


def test_services_stand_together_by_what_they_may_be_told(desk, consenting):
    page = text(desk.get(address("referral_new", consenting)))
    for schema in load_schemas()[:3]:
        assert f'<optgroup label="{schema.label.es}">' in page
    assert "Atención a víctimas, Ciudad Juárez · Juárez, Chih." in page
    page = desk.post(address("referral_new", consenting), {"service": "", "step": "choose"})
    assert page.status_code == 422
    assert "Elija el servicio" in text(page)


def test_the_form_offers_what_this_service_may_be_told_and_nothing_else(desk, consenting):
    page = text(desk.post(address("referral_new", consenting), {"service": VICTIMS, "step": "choose"}))
    assert "Esto siempre se dice" in page
    assert reference_of(consenting.person_id) in page
    assert "Noemí Xicale Tzintzun" in page
    assert "Por qué se presume que es víctima" in page
    assert 'name="told_sex"' in page
    page = text(desk.post(address("referral_new", consenting), {"service": SHELTER, "step": "choose"}))
    for name in ("told_presumed", "told_health", "told_birth", "told_measures"):
        assert name not in page
    assert 'name="told_name"' in page, "a shelter is told the name only where the officer marks it"


def test_what_the_preview_shows_is_what_is_told(officer, desk, consenting):
    page = text(desk.post(address("referral_new", consenting), said(told_sex="on")))
    shown = page[page.index("Esto, y nada más, se dice") : page.index("No se dice:")]
    for words in ("Noemí Xicale Tzintzun", "Registro y medidas", "Retención de papeles", "Mujer"):
        assert words in shown
    assert "Salud: lo que hace falta para atender" in page[page.index("No se dice:") :]
    assert read(officer, consenting)[1] == [], "a preview sends nothing"
    page = text(send(desk, consenting, told_sex="on"))
    assert "Anotada como enviada" in page
    opened, (referral,) = read(officer, consenting)
    with acting_as(officer):
        assert read_copy(opened, referral.id) == {
            "reference": reference_of(consenting.person_id), "name": "Noemí Xicale Tzintzun", "sex": "Mujer",
            "asked": "Registro y medidas", "presumed": "Retención de papeles",
            "safe_contact": "A través de esta oficina",
        }  # fmt: skip
    assert (referral.service, referral.way, referral.state_on(timezone.localdate())) == (
        VICTIMS, Way.BY_HAND, State.SENT,
    )  # fmt: skip


def test_what_was_never_shown_is_not_sent(officer, desk, consenting):
    page = text(desk.post(address("referral_new", consenting), said(step="send", shown="0" * 64)))
    assert "No es lo que se mostró antes" in page
    assert read(officer, consenting)[1] == []


def test_one_goes_back_and_changes_what_was_written(desk, consenting):
    page = desk.post(address("referral_new", consenting), said(step="change"))
    assert page.status_code == 200
    assert "Registro y medidas</textarea>" in text(page)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"told_asked": " "}, "Escriba esto: el servicio lo necesita"),
        ({"told_asked": "x" * 801}, "Redúzcalo a 800 letras"),
        ({"way": ""}, "Elija cómo llega al servicio"),
        ({"expires_on": ""}, "Escriba hasta cuándo"),
        ({"expires_on": "2020-01-01"}, "Escriba un día desde hoy hasta el"),
        ({"expires_on": "2099-01-01"}, "Escriba un día desde hoy hasta el"),
    ],
)
def test_what_is_missing_is_said_in_words(officer, desk, consenting, changes, words):
    page = desk.post(address("referral_new", consenting), said(**changes))
    assert page.status_code == 422
    assert words in text(page)


def test_a_field_of_another_service_is_not_told_however_it_is_sent(officer, desk, consenting):
    send(desk, consenting, service=SHELTER, told_presumed="Retención", told_health="embarazo", told_birth="on")
    opened, (referral,) = read(officer, consenting)
    with acting_as(officer):
        assert read_copy(opened, referral.id) == {
            "reference": reference_of(consenting.person_id), "asked": "Registro y medidas",
            "safe_contact": "A través de esta oficina",
        }  # fmt: skip


def test_where_the_file_lacks_what_must_be_told_the_page_says_which(cast, officer, desk, person, consenting):
    with acting_as(officer):
        correct_person(
            actor=officer, person_id=person.pk, purpose=Purpose.PROTECTION, now=timezone.now(),
            identity=IdentityDocument(PersonName("Noemí", "Xicale")), facts=PersonFacts(sex="F"),
        )  # fmt: skip
    page = text(desk.post(address("referral_new", consenting), {"service": "juarez_civil_registry", "step": "choose"}))
    assert "Al expediente le falta lo que este servicio debe saber" in page
    assert "Fecha de nacimiento" in page
    assert "Ver lo que se dice" not in page


def test_the_person_carries_the_paper_only_where_the_instructions_let_one_go(officer, desk, consenting):
    page = send(desk, consenting, way="carried")
    assert page.status_code == 422
    assert "no permiten que la persona lleve un papel" in text(page)
    assert read(officer, consenting)[1] == []
    with acting_as(officer):
        save_contact(
            actor=officer, opened=open_for(officer, consenting), now=timezone.now(),
            instructions=ContactInstructions(
                frozenset({Channel.PAPER}), review_on=timezone.localdate() + timedelta(days=30), neutral_only=False
            ),
        )  # fmt: skip
    send(desk, consenting, way="carried")
    assert read(officer, consenting)[1][0].way is Way.CARRIED


def test_it_is_followed_to_its_delivery_with_who_said_so(officer, desk, consenting):
    send(desk, consenting)
    (referral,) = read(officer, consenting)[1]
    page = address("referral", consenting, referral_id=referral.id)
    today = timezone.localdate()
    move = {"state": "received", "on": today, "proof": "service", "words": "Folio 12"}
    answer = text(desk.post(page, move, follow=True))
    assert "Folio 12" in answer
    assert "El servicio" in answer
    refused = desk.post(page, move | {"state": "refused", "words": ""})
    assert refused.status_code == 422
    assert "Escriba por qué" in text(refused)
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        late = desk.post(page, move | {"state": "accepted", "on": day})
        assert late.status_code == 422
        assert "a hoy" in text(late) or "hasta hoy" in text(late)
    assert "Esto ya no puede seguir" in text(desk.post(page, move | {"state": "received"}))
    desk.post(page, move | {"state": "delivered", "proof": "person", "words": ""})
    answer = text(desk.get(page))
    assert "cumplida" in answer
    assert "Anotar qué pasó" not in answer
    assert "cumplida" in text(desk.get(address("referrals", consenting)))


def test_one_whose_time_is_over_is_marked_and_gives_no_paper(officer, desk, consenting, client, cast):
    send(desk, consenting)
    (referral,) = read(officer, consenting)[1]
    with time_machine.travel(timezone.now() + timedelta(days=21)):
        open_pages(client, cast, step_up(cast.protection), consenting, Purpose.PROTECTION)
        assert "vencida" in text(client.get(address("referrals", consenting)))
        page = text(client.get(address("referral", consenting, referral_id=referral.id)))
        assert "Se acabó su plazo y nadie confirmó el servicio" in page
        assert "Imprimir el papel" not in page
        assert client.get(address("referral_paper", consenting, referral_id=referral.id)).status_code == 404


def test_the_paper_carries_a_number_of_its_own_and_what_was_told(cast, officer, desk, consenting):
    send(desk, consenting, service=SHELTER)
    (referral,) = read(officer, consenting)[1]
    answer = desk.get(address("referral_paper", consenting, referral_id=referral.id))
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    words = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    assert reference_of(referral.id) in words
    assert "Registro y medidas" in words
    assert "A Casa del Migrante" in words
    assert "Xicale" not in words
    assert "Noemí" not in words
    with acting_as(officer):
        assert Event.objects.filter(verb="referral.printed", record_id=consenting.pk).count() == 1


def test_a_follow_up_sees_that_it_was_sent_and_is_told_what_it_needs_for_more(cast, officer, client, desk, consenting):
    send(desk, consenting)
    (referral,) = read(officer, consenting)[1]
    page = address("referral", consenting, referral_id=referral.id)
    assert "Retención de papeles" in text(desk.get(page))
    open_pages(client, cast, officer, consenting, Purpose.FOLLOW_UP)
    shown = text(client.get(page))
    assert "Retención de papeles" not in shown
    assert "Por qué se presume que es víctima" in shown, "which fields went"
    assert "se abre para protección o para canalización" in shown
    for blocked in (
        address("referral_new", consenting),
        address("referral_paper", consenting, referral_id=referral.id),
    ):
        answer = client.get(blocked)
        assert answer.url.startswith(address("case_open", consenting))
        assert "está abierto para" in text(client.get(answer.url))
    moved = client.post(page, {"state": "received", "on": timezone.localdate(), "proof": "person", "words": ""})
    assert moved.status_code == 302


def test_a_referral_is_written_for_the_purpose_of_referral_too(cast, officer, client, consenting):
    open_pages(client, cast, officer, consenting, Purpose.REFERRAL)
    assert "Anotada como enviada" in text(send(client, consenting))


def test_no_address_and_no_event_says_which_service_it_is(officer, desk, consenting):
    answer = send(desk, consenting)
    assert VICTIMS not in answer.redirect_chain[-1][0]
    with acting_as(officer):
        assert not [event for event in Event.objects.all() if VICTIMS in str(event.detail)]


def test_the_pages_do_not_exist_for_anybody_else(client, cast, officer, desk, consenting):
    send(desk, consenting)
    (referral,) = read(officer, consenting)[1]
    for role in ("reception", "counsellor", "coordinator", "administrator", "supervisor"):
        client.force_login(cast.users[role], backend=BACKEND)
        step_up_client(client)
        for url in (
            address("referrals", consenting), address("referral_new", consenting),
            address("referral", consenting, referral_id=referral.id),
            address("referral_paper", consenting, referral_id=referral.id),
        ):  # fmt: skip
            assert client.get(url).status_code == 404, (role, url)


def test_a_closed_case_sends_nothing_more(officer, desk, consenting):
    consenting.closed_at = timezone.now()
    with acting_as(officer):
        consenting.save(update_fields=["closed_at"])
    assert "Canalizar a un servicio" not in text(desk.get(address("referrals", consenting)))
    assert send(desk, consenting).status_code == 404
    assert read(officer, consenting)[1] == []
