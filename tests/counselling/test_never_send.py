"""Where a person must never be sent leaves no trace: not on the list, the pages, the paper, in events or in logs."""

import io
import logging
import re

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from puente.counselling.documents.sheet import render_sheet
from puente.counselling.facts import MOST_NEVER_SEND, ProfileFacts
from puente.counselling.models import ShortlistEntry, WorkProfile
from puente.counselling.sealed import seal_never_send, unseal_never_send
from puente.counselling.selectors.profiles import read_profile
from puente.counselling.selectors.shortlists import find_sheet, read_sheet
from puente.counselling.services.profiles import save_profile
from puente.counselling.services.sheets import make_sheet
from puente.counselling.services.shortlists import choose_openings, make_shortlist
from puente.people.services import read_person
from puente.platform.ids import make_id
from puente.platform.row_security import acting_as
from puente.platform.sealing import create_data_key
from tests.counselling.conftest import ACAPULCO, HIDALGO, LEON, MORELIA, NOW, ZITACUARO, write_profile
from tests.counselling.test_pages import BACKEND

PLACES = [ZITACUARO, HIDALGO, MORELIA, ACAPULCO, LEON, "16", "12", "11", "20", "20067"]
#: Names that stand nowhere else in what is rendered.
TELLING = {LEON: "León", "11": "Guanajuato", "20067": "Oaxaca de Juárez", ACAPULCO: "Acapulco"}
TABLES = (
    "counselling_workprofile",
    "counselling_shortlist",
    "counselling_shortlistentry",
    "counselling_correction",
    "counselling_choice",
    "counselling_sheet",
    "audit_event",
)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def names_place(text: str, code: str) -> bool:
    """Say whether a text holds a code by itself: its digits also turn up by chance in ids, seals and times."""
    return re.search(rf"(?<![\w.:-]){code}(?![\w.:-])", text) is not None


@pytest.mark.parametrize("text", ["{11020,16}", "(a,11020)", '{"never_send": ["11020"]}', '"{""11020""}"'])
def test_a_code_that_stands_by_itself_is_found(text):
    assert names_place(text, LEON)
    assert not names_place("01a20a91-1102-764f-8cd2-ad1102097ca6 \\x3411020 12:00:00.11020+00", LEON)


@QUICK
@given(never=st.lists(st.sampled_from(PLACES), max_size=4, unique=True))
def test_no_listed_opening_lies_in_a_place_never_to_send_to(cast, person, board, never):
    with acting_as(cast.counsellor):
        version = WorkProfile.objects.filter(person=person).count()
        write_profile(cast.counsellor, person.pk, after_version=version, never_send=tuple(never), places=())
        shortlist = make_shortlist(actor=cast.counsellor, person_id=person.pk, now=NOW)
        listed = ShortlistEntry.objects.filter(shortlist=shortlist).values_list("opening__municipality_id", flat=True)
        assert not [place for place in listed if place in never or place[:2] in never]


@QUICK
@given(never=st.lists(st.sampled_from(sorted(TELLING)), min_size=1, max_size=4, unique=True))
def test_neither_the_pages_nor_the_paper_nor_the_log_nor_the_events_name_it(cast, person, board, client, caplog, never):
    client.force_login(cast.users["counsellor"], backend=BACKEND)
    with caplog.at_level(logging.DEBUG):
        with acting_as(cast.counsellor):
            version = WorkProfile.objects.filter(person=person).count()
            write_profile(
                cast.counsellor,
                person.pk,
                after_version=version,
                never_send=tuple(never),
                places=(ZITACUARO, "16"),
                licences=(),
                documents=(),
            )
            shortlist = make_shortlist(actor=cast.counsellor, person_id=person.pk, now=NOW)
            chosen = [ShortlistEntry.objects.filter(shortlist=shortlist, part="all").order_by("rank")[0].opening_id]
            choose_openings(actor=cast.counsellor, shortlist_id=shortlist.pk, openings=chosen, now=NOW)
            make_sheet(actor=cast.counsellor, person_id=person.pk, language="es", now=NOW)
            content = read_sheet(find_sheet(cast.counsellor, person.pk), read_person(person).data_key)
        rule, detail, *_rest = shortlist.hidden[0]
        pages = [
            client.get(reverse(f"counselling:{name}", args=[person.pk, *arguments])).content.decode()
            for name, *arguments in (
                ("profile",),
                ("shortlist",),
                ("jobs",),
                ("hidden", rule, detail),
                ("correct", "wage"),
            )
        ]
    paper = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(render_sheet(content["text"], ""))).pages)
    for place in never:
        for text in (*pages, paper, str(content), caplog.text):
            assert TELLING[place] not in text
        assert f'"{place}"' not in str(content["text"])
    with acting_as(cast.counsellor), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} AS t WHERE person_id = %s", [person.pk])
            stored = cursor.fetchone()[0] or ""
            assert not [place for place in never if len(place) == 5 and names_place(stored, place)]


@given(st.lists(st.sampled_from(PLACES), max_size=MOST_NEVER_SEND, unique=True))
def test_the_sealed_places_are_always_of_the_same_length(never):
    key, row = create_data_key(), make_id()
    sealed = seal_never_send(key, row, never)
    assert len(sealed) == len(seal_never_send(key, row, []))
    assert unseal_never_send(key, row, sealed) == tuple(never)


def test_a_correction_of_something_else_keeps_it(counsellor, person):
    write_profile(counsellor, person.pk, never_send=(LEON,))
    save_profile(actor=counsellor, person_id=person.pk, changes={"wage_floor": 9000}, after_version=1, now=NOW)
    key = read_person(person).data_key
    assert read_profile(counsellor, person.pk, key, with_never_send=True).facts.never_send == (LEON,)
    assert read_profile(counsellor, person.pk, key).facts.never_send == ()


def test_it_is_not_printed_with_the_facts():
    assert LEON not in repr(ProfileFacts(never_send=(LEON,)))


def test_only_its_own_page_shows_it_and_only_to_who_may_change_it(cast, client, person, board):
    with acting_as(cast.counsellor):
        write_profile(cast.counsellor, person.pk, never_send=(LEON,))
    page = reverse("counselling:section", args=[person.pk, "never"])
    client.force_login(cast.users["counsellor"], backend=BACKEND)
    assert "León, Gto." in client.get(page).content.decode()
    client.force_login(cast.users["coordinator"], backend=BACKEND)
    assert client.get(page).status_code == 404
    assert client.get(reverse("counselling:profile", args=[person.pk])).status_code == 200


def test_the_box_on_the_profile_is_the_same_full_or_empty(cast, client, person):
    client.force_login(cast.users["counsellor"], backend=BACKEND)
    boxes = []
    for version, never in enumerate([(), (LEON, "12")]):
        with acting_as(cast.counsellor):
            write_profile(cast.counsellor, person.pk, after_version=version, never_send=never)
        content = client.get(reverse("counselling:profile", args=[person.pk])).content.decode()
        boxes.append(
            content[content.index('class="reserved"') : content.index("</section>", content.index('class="reserved"'))]
        )
    assert boxes[0] == boxes[1]


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_sheet_is_two_letter_pages_in_our_own_letters(cast, person, board, language):
    with acting_as(cast.counsellor):
        write_profile(cast.counsellor, person.pk, licences=("mx_federal_b",))
        shortlist = make_shortlist(actor=cast.counsellor, person_id=person.pk, now=NOW)
        chosen = list(shortlist.entries.filter(part="all").order_by("rank").values_list("opening_id", flat=True)[:3])
        choose_openings(actor=cast.counsellor, shortlist_id=shortlist.pk, openings=chosen, now=NOW)
        make_sheet(actor=cast.counsellor, person_id=person.pk, language=language, now=NOW)
        text = read_sheet(find_sheet(cast.counsellor, person.pk), read_person(person).data_key)["text"]
    reader = PdfReader(io.BytesIO(render_sheet(text, "https://puente.test/counselling/o/" + "a" * 23 + "/")))
    assert len(reader.pages) == 2
    assert [float(side) for side in reader.pages[0].mediabox[2:]] == [612, 792]
    fonts = {font.get_object()["/BaseFont"] for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert all("Archivo" in font or "SourceSans3" in font for font in fonts)
    written = " ".join(page.extract_text() for page in reader.pages)
    need_not = {"es": "No tiene que decir", "en": "You need not say", "fr": "Vous n’avez pas à dire"}[language]
    assert need_not in " ".join(written.split())
    for word in ("CURP:", "deport", "repatri", "AACM"):
        assert word not in written


def test_long_words_still_make_two_pages(cast, person, board):
    option = {
        "number": 1,
        "opening_id": "",
        "title": "Operador de producción y ensamble de arneses eléctricos automotrices nivel A " * 2,
        "employer": "Comercializadora y Distribuidora Internacional de Productos del Norte " * 2,
        "place": "San Juan Mixtepec, Oax.",
        "distance": "a 125 km de su casa",
        "pay": "$12,400",
        "period": "al mes",
        "week": "lunes, miércoles, viernes, de 8:30 de la mañana a 6:45 de la tarde",
        "reasons": ["Se parece a su trabajo: instalador de tablaroca y plafón en casas y oficinas grandes de la ciudad"]
        * 2,
        "contact_name": "María Guadalupe Hernández de la Cruz",
        "phone": "715 555 0142",
        "address": "Avenida Revolución 1234, colonia Centro " * 3,
        "bring": ["Registro federal de contribuyentes (RFC)"] * 5,
        "latitude": 19.4,
        "longitude": -100.3,
    }
    text = {
        "language": "es",
        "office": "Oficina Paso del Norte, Ciudad Juárez",
        "date": "23 de noviembre de 2026",
        "name": "María Guadalupe Hernández de la Cruz",
        "preferred": "María",
        "options": [option | {"number": number} for number in (1, 2, 3)],
        "steps": ["Licencia federal B (carga): se abren 9 más."] * 2,
        "minimum_wage": "$315.04 al día (desde el 1 de enero de 2026)",
        "help_lines": [{"phone": "443 555 0164", "who": "Servicio Nacional de Empleo"}] * 2,
        "may_be_called": True,
        "home": [19.4, -100.3, "San Juan Mixtepec -Dto. 08 -"],
    }
    assert (
        len(PdfReader(io.BytesIO(render_sheet(text, "https://puente.test/counselling/o/" + "a" * 23 + "/"))).pages) == 2
    )
