"""The arrival desk through its pages, as the browser sends them."""

import io
import re

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from puente.people.models import Person
from puente.protection.models import Handover
from puente.reception.models import Arrival, IdentityAnswer
from tests.reception.conftest import MINOR, POINT

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MANAGEMENT = {
    f"{prefix}-{name}": number
    for prefix, forms in (("papers", 2), ("phones", 1))
    for name, number in (("TOTAL_FORMS", forms), ("INITIAL_FORMS", 0))
}


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.users["reception"], backend=BACKEND)
    return client


def sheet(**changes):
    """What the form of a new person sends."""
    now = timezone.localtime()
    return {
        "first_surname": "Ávalos", "second_surname": "Cruz", "given": "Martín", "birth_year": "1992", "sex": "M",
        "point": POINT, "day": now.date().isoformat(), "hour": now.strftime("%H:%M"), "handed_over_by": "ice",
        "accompaniment": "adult_alone", "services": ["water_food"], "means": "verbal", "capacity": "self",
        "consent_care": "given", "in_danger": "no", **MANAGEMENT, **changes,
    }  # fmt: skip


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


def save(desk, **changes):
    return desk.post(reverse("reception:save"), sheet(**changes))


def test_the_desk_opens_with_the_search_line(desk):
    page = desk.get(reverse("reception:new")).content.decode()
    assert 'id="search-text"' in page
    assert "Llega" in page or "llega" in page


def test_a_new_person_is_registered_in_one_step_and_stands_in_the_queue(desk, cast, acting):
    form = desk.post(reverse("reception:prepare"), {"text": "avalos cruz martin 92 mich", "new": "1"})
    assert 'value="Avalos"' in form.content.decode()
    answer = save(desk, command_id=hidden(form, "command_id"), arrival_id=hidden(form, "arrival_id"))
    assert answer.status_code == 302
    page = desk.get(answer.url).content.decode()
    assert "A-001" in page
    assert "Ávalos Cruz, Martín" in page
    assert "Ávalos Cruz, Martín" in desk.get(reverse("reception:queue")).content.decode()


def test_what_is_missing_is_told_word_for_word_at_the_field_and_above_and_the_draft_stays(desk):
    answer = save(desk, handed_over_by="", immediate_need="Avisar a su esposa")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Elija quién entregó a la persona") == 2
    assert "Avisar a su esposa" in page
    assert 'value="Ávalos"' in page


def test_a_rule_that_the_command_refuses_is_told_at_its_field(desk):
    answer = save(desk, birth_year=str(timezone.now().year - 10))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("menos de 18") == 2


def test_homonyms_are_asked_and_never_guessed(desk, cast, acting):
    answer = save(desk, home_place="Juárez")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Más de un municipio" in page
    assert "Juárez, Chih." in page
    assert "Juárez, Mich." in page
    assert save(desk, home_place="Juárez", home_municipality="16046").status_code == 302
    with acting(cast.reception):
        assert Person.objects.get().home_municipality_id == "16046"


def test_a_known_person_is_found_chosen_and_registered_again(desk, cast, acting, send):
    first = send()
    found = desk.post(reverse("reception:candidates"), {"text": "avalos crus martin 92 mich"}).content.decode()
    assert "Ávalos Cruz, Martín" in found
    assert "Muy probable" in found
    form = desk.post(reverse("reception:prepare"), {"text": "avalos crus martin 92", "person": first["person_id"]})
    assert "Ávalos Cruz, Martín" in form.content.decode()
    answer = save(
        desk, known=first["person_id"], command_id=hidden(form, "command_id"), arrival_id=hidden(form, "arrival_id")
    )
    assert answer.status_code == 302
    with acting(cast.reception):
        assert Person.objects.count() == 1
        assert Arrival.objects.filter(person_id=first["person_id"]).count() == 2
    page = desk.get(answer.url).content.decode()
    assert "Regresos anteriores" in page
    for word in ("reincid", "deportad", "ilegal"):
        assert word not in page.lower()


def test_answers_about_candidates_are_kept(desk, cast, acting, send):
    other = send()
    form = desk.post(reverse("reception:prepare"), {"text": "avalos cruz", "cannot_tell": other["person_id"]})
    save(desk, cannot_tell=hidden(form, "cannot_tell"))
    with acting(cast.reception):
        assert IdentityAnswer.objects.get().answer == "cannot_tell"


def test_pressing_save_twice_registers_once(desk, cast, acting):
    form = desk.post(reverse("reception:prepare"), {"text": "avalos", "new": "1"})
    ids = {name: hidden(form, name) for name in ("command_id", "arrival_id", "person_id")}
    hour = {"hour": "00:01"}
    assert save(desk, **ids, **hour).url == save(desk, **ids, **hour).url
    with acting(cast.reception):
        assert Arrival.objects.count() == 1
    changed = save(desk, **ids, **hour, second_surname="Otro")
    assert changed.url == reverse("reception:arrival", args=[ids["arrival_id"]])


def test_the_slip_is_one_page_with_turn_name_and_code_and_nothing_that_harms(desk, send, cast, acting):
    answer = send(
        identity={"curp": "AACM920314HMNVRR01"}, in_danger="yes", immediate_need="insulina", services=["medical_care"]
    )
    response = desk.get(reverse("reception:slip", args=[answer["arrival_id"]]))
    assert response["Content-Type"] == "application/pdf"
    assert "valos" not in response["Content-Disposition"]
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    assert len(reader.pages) == 1
    page = reader.pages[0]
    text = page.extract_text()
    assert "A-001" in text
    assert "Martín Ávalos Cruz" in text
    for secret in ("AACM", "insulina", "peligro", "otro servicio", "Patrulla", "deport", "repatriad"):
        assert secret not in text, secret
    fonts = {font.get_object()["/BaseFont"].partition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert {name.split("-")[0] for name in fonts} == {"Archivo", "SourceSans3", "SourceCodePro"}, fonts


def test_the_code_of_a_slip_opens_the_arrival_for_the_own_staff_alone(desk, client, cast, acting, send):
    answer = send()
    with acting(cast.reception):
        code = Arrival.objects.get().code
    address = reverse("reception:code", args=[code])
    assert desk.get(address).url == reverse("reception:arrival", args=[answer["arrival_id"]])
    client.force_login(cast.users["far_reception"], backend=BACKEND)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def marked(page):
    """The page without what differs between any two people."""
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", page)
    page = re.sub(r'csrf[^>]*"[\w]{20,}"|value="\w{40,}"|content="\w{40,}"', "TOKEN", page)
    return re.sub(r"\b\d\d:\d\d\b|A-\d\d\d", "T", page)


def test_every_hand_over_looks_the_same_at_the_desk(desk, send):
    pages = []
    for changes in ({"in_danger": "yes"}, {"hand_over": {"service": "medical", "note": "fiebre"}}):
        answer = send(**changes)
        pages.append(marked(desk.get(reverse("reception:arrival", args=[answer["arrival_id"]])).content.decode()))
    assert pages[0] == pages[1]
    assert "sigue con otro servicio" in pages[0]


def test_who_may_not_register_sees_no_desk(client, cast):
    for role in ("counsellor", "protection", "liaison", "administrator", "analyst"):
        client.force_login(cast.users[role], backend=BACKEND)
        for name in ("new", "upload"):
            assert client.get(reverse(f"reception:{name}")).status_code == 404, role
        assert client.post(reverse("reception:save"), sheet()).status_code == 404, role


def test_a_curp_is_remarked_on_while_it_is_typed(desk):
    page = desk.post(reverse("people:curp"), sheet(curp="AACM920314HMNVRR99")).content.decode()
    assert "dígito" in page
    assert save(desk, curp="AACM920314HMNVRR99").status_code == 302


def test_a_child_alone_goes_to_the_inbox_of_protection_at_once(desk, client, cast, acting):
    answer = save(desk, birth_year=str(MINOR["birth"]["year"]), accompaniment="minor_alone")
    page = desk.get(answer.url).content.decode()
    assert "sigue con otro servicio" in page
    assert "rotecci" not in re.sub(r"<select.*?</select>", "", page, flags=re.DOTALL)
    with acting(cast.protection):
        assert Handover.objects.count() == 1
    client.force_login(cast.users["protection"], backend=BACKEND)
    assert "Ávalos Cruz, Martín" in client.get(reverse("protection:inbox")).content.decode()


def test_somebody_of_the_same_family_is_registered_beside_the_first(desk, cast, acting, send):
    first = send()
    page = desk.get(reverse("reception:new"), {"with": first["turn"]}).content.decode()
    assert 'name="with" value="A-001"' in page
    form = desk.post(reverse("reception:prepare"), {"text": "avalos ana", "new": "1", "with": first["turn"]})
    assert 'value="A-001"' in form.content.decode()
    assert "Elija qué es" in save(desk, travels_with="A-001").content.decode()
    assert "Ese turno no existe" in save(desk, travels_with="A-777", relation="child").content.decode()
    assert save(desk, travels_with="a-001", relation="sibling").status_code == 302
    with acting(cast.reception):
        assert len(set(Arrival.objects.values_list("travel_group", flat=True))) == 1
