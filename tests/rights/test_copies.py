"""The copy of a file: everything of the person, nothing of others, in their language."""

import hashlib
import io
import json

import pypdf
import pytest

from puente.audit.models import Event
from puente.people.file_parts import list_part_names
from puente.people.models import Person
from puente.platform.policy import NotAllowed
from puente.protection.services import create_case
from puente.rights.models import FileCopy
from puente.rights.services.copies import make_copy
from puente.rights.services.requests import RequestImpossible, carry_out_request
from tests.counselling.conftest import NOW
from tests.protection.conftest import step_up
from tests.rights.conftest import FAMILY, OTHER_PHONE, WITNESS, accept, ask

PARTS = [
    "identity", "consents", "group", "arrivals", "assessments", "needs", "profile", "choices", "introductions",
    "outcomes", "openings",
]  # fmt: skip


@pytest.fixture
def request_of_martin(cast, martin):
    return accept(cast, ask(cast, martin.pk, "access"))


@pytest.fixture
def copy(cast, acting, request_of_martin):
    """`copy("json")` makes a copy as the counsellor and returns the row and its content."""

    def make(file_format, actor=None, **options):
        actor = actor or cast.counsellor
        with acting(actor):
            return make_copy(
                actor=actor, request_id=request_of_martin.pk, file_format=file_format,
                now=actor.step_up_at or NOW, **options,
            )  # fmt: skip

    return make


def read_pdf(content):
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_every_room_up_to_counselling_registered_its_part():
    assert list_part_names() == PARTS


def test_the_copy_holds_what_every_room_knows(copy):
    _row, content = copy("json")
    told = json.loads(content)
    parts = {part["name"]: part["entries"] for part in told["parts"]}
    assert list(parts) == PARTS
    assert {name for name, entries in parts.items() if not entries} == {"assessments", "openings"}
    assert [entry["data"]["version"] for entry in parts["identity"]] == [1, 2]
    assert parts["identity"][1]["data"]["address"] == "Calle Corregidora 14"
    assert parts["arrivals"][0]["data"]["immediate_need"] == "Dolor de rodilla"
    assert set(parts["arrivals"][0]["data"]["services"]) == {"water_food", "phone_call"}
    assert "Llamó la hermana" in str(parts["needs"])
    assert parts["profile"][0]["data"]["skills"] == ["Sabe soldar"]
    assert "Oficial de techos" in str(parts["choices"])
    assert "Recubrimientos Tres Marías" in str(parts["introductions"])
    assert "715 555 0118" in str(parts["introductions"][0]["data"]["sent"])
    assert parts["outcomes"][0]["data"]["note"] == "Está contento"
    assert {entry["data"]["decision"] for entry in parts["consents"]} == {"given"}


def test_the_copy_says_who_opened_the_file_without_naming_staff(copy, cast, sign_in, martin):
    assert sign_in("reception").get(f"/person/{martin.pk}/").status_code == 200
    _row, content = copy("json")
    told = json.loads(content)
    openings = next(part for part in told["parts"] if part["name"] == "openings")["entries"]
    assert openings
    assert all("Paso del Norte" in str(entry["facts"]) for entry in openings)
    for user in cast.users.values():
        assert f'"{user.name}"' not in content.decode()
        assert str(user.pk) not in content.decode()


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_what_is_about_others_stays_out(copy, kind):
    _row, content = copy(kind)
    text = content.decode() if kind == "json" else read_pdf(content)
    for words in (FAMILY, "Obdulia", WITNESS, OTHER_PHONE, "Noemí", "Güémez", "Elvira Cruz"):
        assert words not in text
    assert "Martín" in text


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_the_reserved_part_and_where_never_to_be_sent_stay_out_of_the_ordinary_copy(copy, kind, take_on):
    _row, content = copy(kind)
    text = content.decode() if kind == "json" else read_pdf(content)
    assert "Nota reservada" not in text
    assert "never_send" not in text


def test_asking_for_the_reserved_part_gives_nothing_to_who_is_not_in_charge(copy, take_on):
    _row, ordinary = copy("json")
    _row, asked = copy("json", with_reserved=True)
    assert [part["name"] for part in json.loads(asked)["parts"]] == [p["name"] for p in json.loads(ordinary)["parts"]]


def test_the_officer_who_took_the_person_on_hands_out_the_reserved_part(copy, cast, take_on):
    _row, content = copy("json", actor=cast.protection, with_reserved=True)
    told = {part["name"]: part["entries"] for part in json.loads(content)["parts"]}
    assert "Nota reservada" in str(told["protection"])
    _row, content = copy("json", actor=cast.protection)
    assert "protection" not in str(json.loads(content)["parts"][-1]["name"])


def test_the_file_of_a_reserved_person_is_copied_by_the_officer_in_charge_alone(cast, acting, copy, martin):
    officer = step_up(cast.protection)
    with acting(officer):
        create_case(actor=officer, person_id=martin.pk, office_id=cast.bridge.pk, now=officer.step_up_at)
    with pytest.raises(NotAllowed):
        copy("json")
    _row, content = copy("json", actor=officer, with_reserved=True)
    told = {part["name"]: part["entries"] for part in json.loads(content)["parts"]}
    assert told["identity"][0]["data"]["name"]["given"] == "Martín"
    assert told["protection"]


def test_the_paper_speaks_the_persons_language_and_carries_number_and_receipt(copy, cast, acting, martin):
    row, content = copy("pdf")
    text = read_pdf(content)
    assert (row.language, "Copia de su expediente" in text) == ("es", True)
    assert text.count(row.receipt) > 1, "behind every page, and on the receipt"
    assert "Recibí esta copia" in text
    with acting(cast.reception):
        Person.objects.filter(pk=martin.pk).update(languages=["english"])
    row, content = copy("pdf")
    assert (row.language, "Copy of your file" in read_pdf(content)) == ("en", True)


def test_what_was_handed_over_can_be_proved_by_its_digest_and_is_kept_nowhere(copy, cast, acting, request_of_martin):
    row, content = copy("pdf")
    assert bytes(row.digest) == hashlib.sha256(content).digest()
    with acting(cast.counsellor):
        event = Event.objects.get(verb="rights.copied")
        assert event.detail["receipt"] == row.receipt
        assert FileCopy.objects.count() == 1


def test_no_copy_is_made_before_the_request_is_accepted(cast, martin, acting):
    request = ask(cast, martin.pk, "access")
    with acting(cast.counsellor), pytest.raises(RequestImpossible, match="not_accepted"):
        make_copy(actor=cast.counsellor, request_id=request.pk, file_format="pdf", now=NOW)


def test_a_request_for_something_else_gives_no_copy(cast, martin, acting):
    request = accept(cast, ask(cast, martin.pk, "erasure"))
    with acting(cast.counsellor), pytest.raises(RequestImpossible, match="not_access"):
        make_copy(actor=cast.counsellor, request_id=request.pk, file_format="pdf", now=NOW)


def test_a_request_for_a_copy_is_done_when_a_copy_was_made(cast, acting, copy, request_of_martin):
    with acting(cast.counsellor), pytest.raises(RequestImpossible, match="no_copy"):
        carry_out_request(actor=cast.counsellor, request_id=request_of_martin.pk, now=NOW)
    copy("pdf")
    with acting(cast.counsellor):
        assert carry_out_request(actor=cast.counsellor, request_id=request_of_martin.pk, now=NOW).state == "carried_out"


def test_reception_makes_no_copies(cast, copy):
    with pytest.raises(NotAllowed):
        copy("pdf", actor=cast.reception)
