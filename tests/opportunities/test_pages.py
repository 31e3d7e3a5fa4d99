"""The pages of the job liaison, as a browser asks for them."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from puente.opportunities import jobs
from puente.opportunities.models import Employer, ImportBatch, ImportSource, Opening, TitleDecision
from puente.opportunities.selectors.openings import OpeningFilter
from puente.opportunities.views.imports import FORMULA, neutralise
from tests.opportunities.boards import MASON, TODAY, WELDER, csv_file, load, make_source

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
UNCLEAR = ("7", "alumeros", "", "", "México", "Atizapán")


@pytest.fixture
def page(cast, client):
    client.force_login(cast.users["liaison"], backend=BACKEND)
    return client


@pytest.fixture
def board(cast):
    return load(cast.liaison, make_source(), csv_file(MASON, WELDER, UNCLEAR, ("8", "", "", "", "", "")))


def url(name, *args):
    return reverse(f"opportunities:{name}", args=args)


def text_of(response):
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def all_pages(board):
    opening, employer = Opening.objects.first(), Employer.objects.first()
    title = TitleDecision.objects.first()
    return {
        "list": url("list"), "opening": url("opening", opening.pk), "employers": url("employers"),
        "employer": url("employer", employer.pk), "new": url("new"), "edit": url("edit", opening.pk),
        "suggest": url("suggest"),
        "new-employer": url("new-employer"), "edit-employer": url("edit-employer", employer.pk),
        "titles": url("titles"), "title": url("title", title.pk), "imports": url("imports"), "upload": url("upload"),
        "import": url("import", board.pk), "report": url("import-report", board.pk),
    }  # fmt: skip


READING = {"list", "opening", "employers", "employer"}


@pytest.mark.parametrize(
    ("role", "may"),
    [("liaison", None), ("counsellor", READING), ("coordinator", READING), ("analyst", READING),
     ("reception", set()), ("protection", set()), ("communication", set()), ("administrator", set())],
)  # fmt: skip
def test_each_role_sees_its_pages_and_the_others_do_not_exist(cast, client, board, role, may):
    client.force_login(cast.users[role], backend=BACKEND)
    for name, address in all_pages(board).items():
        expected = 200 if may is None or name in may else 404
        assert client.get(address).status_code == expected, name


def test_nobody_sees_anything_without_signing_in(client, board):
    for address in all_pages(board).values():
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_every_page_is_drawn_in_every_language(page, board, language):
    page.cookies["django_language"] = language
    for name, address in all_pages(board).items():
        assert page.get(address).status_code == 200, name


def test_a_reader_gets_no_button_that_writes(cast, client, board):
    client.force_login(cast.users["counsellor"], backend=BACKEND)
    content = client.get(url("list")).content.decode()
    assert url("new") not in content
    assert url("imports") not in content
    assert client.post(url("standing", Opening.objects.first().pk)).status_code == 404


def test_an_opening_is_written_down_corrected_closed_and_opened_again(page):
    said = {
        "kind": "vacancy", "title": "Oficial albañil", "state": "16", "municipality": "zitacuaro", "places": "2",
        "valid_from": "2026-11-23", "occupation": "7121", "schooling": "0", "english": "0", "wage_min": "9800",
        "weekdays": ["0", "6"],
    }  # fmt: skip
    response = page.post(url("new"), said)
    opening = Opening.objects.get()
    assert response.headers["Location"] == url("opening", opening.pk)
    assert (opening.municipality_id, opening.occupation_id, opening.weekdays) == ("16112", "7121", 0b1000001)
    page.post(url("edit", opening.pk), said | {"wage_min": "10500"})
    opening.refresh_from_db()
    assert opening.wage_min == 10500
    page.post(url("standing", opening.pk), {"open": "no"})
    opening.refresh_from_db()
    assert not opening.is_open
    page.post(url("standing", opening.pk), {"open": "yes"})
    opening.refresh_from_db()
    assert opening.is_open


def test_namesakes_of_one_state_are_told_apart_by_their_code(page, cast):
    load(cast.liaison, make_source(), csv_file(("1", "albañil", "", "", "Oaxaca", "San Pedro Mixtepec -Dto. 22 -")))
    opening = Opening.objects.get()
    said = {
        "kind": "vacancy", "title": "Vendedora", "places": "1", "schooling": "0", "english": "0",
        "valid_from": "2026-11-23", "state": "20",
    }  # fmt: skip
    refused = page.post(url("new"), said | {"municipality": "San Pedro Mixtepec"})
    assert "San Pedro Mixtepec, Oax. (20318)" in text_of(refused)
    assert 'value="San Pedro Mixtepec (20318)"' in page.get(url("edit", opening.pk)).content.decode()
    page.post(url("edit", opening.pk), said | {"municipality": "San Pedro Mixtepec (20319)"})
    opening.refresh_from_db()
    assert opening.municipality_id == "20319"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"title": ""}, "Escriba el puesto"),
        ({"municipality": "Juárez"}, "Elija el estado"),
        ({"municipality": "Atizapán", "state": "15"}, "Atizapán de Zaragoza"),
        ({"municipality": "Ciudad Gótica"}, "Revise el nombre"),
        ({"municipality": ""}, "se hace desde casa"),
        ({"age_min": "18"}, "Nombre la ley"),
        ({"occupation_code": "0001"}, "Revise las cifras"),
        ({"employer": "Nadie S.A."}, "Anótelo primero"),
        ({"wage_min": "9000", "wage_max": "8000"}, "Corrija uno de los dos"),
    ],
)
def test_a_mistake_is_told_in_the_summary_and_at_the_field_in_the_same_words(page, said, words):
    whole = {"kind": "vacancy", "title": "Vendedora", "municipality": "Zitácuaro", "places": "1", "schooling": "0",
             "english": "0", "valid_from": "2026-11-23"}  # fmt: skip
    response = page.post(url("new"), whole | said)
    assert response.status_code == 422
    assert text_of(response).count(words) == 2
    assert not Opening.objects.exists()


def test_the_suggestions_follow_the_title(page):
    content = page.get(url("suggest"), {"title": "tablaroca"}).content.decode()
    assert 'value="7131"' in content
    assert "<html" not in content


def test_a_title_is_decided_on_its_page_and_the_next_one_follows(page, board):
    title = TitleDecision.objects.get(title_key="alumeros")
    refused = page.post(url("title", title.pk), {"code": "0000"})
    assert refused.status_code == 422
    found = page.get(url("title", title.pk), {"words": "soldar aluminio"}).content.decode()
    assert 'name="occupation"' in found
    page.post(url("title", title.pk), {"occupation": "7212"})
    assert Opening.objects.get(title="alumeros").occupation_id == "7212"


def test_trust_is_noted_on_the_page_of_the_employer(page, board):
    employer = Employer.objects.first()
    assert page.post(url("employer", employer.pk), {"trust": "avoid", "text": ""}).status_code == 422
    page.post(url("employer", employer.pk), {"trust": "avoid", "text": "No paga."})
    employer.refresh_from_db()
    assert employer.trust == "avoid"
    assert "No paga." in page.get(url("employer", employer.pk)).content.decode()


def upload(page, content, **said):
    file = SimpleUploadedFile("bolsa.csv", content)
    return page.post(url("upload"), {"file": file, "source": "new", "name": "Bolsa de Uruapan"} | said)


def send_columns(page, batch, **said):
    columns = {"column_title": "puesto", "column_key": "folio", "column_municipality": "municipio"}
    return page.post(
        url("import-columns", batch.pk),
        columns | {"column_state": "estado", "wage_period": "month", "kind": "vacancy"} | said,
    )


def test_a_file_goes_from_upload_to_report_to_load(page):
    content = csv_file(MASON, WELDER, UNCLEAR, ("8", "", "", "", "", ""))
    batch_address = upload(page, content).headers["Location"]
    batch = ImportBatch.objects.get()
    assert batch_address == url("import-columns", batch.pk)
    assert 'value="puesto" selected' in page.get(batch_address).content.decode()

    send_columns(page, batch)
    progress = page.get(url("import", batch.pk)).content.decode()
    assert f'hx-get="{url("import-progress", batch.pk)}"' in progress
    jobs.run_batch(batch_id=str(batch.pk))
    assert not Opening.objects.exists()
    done = page.get(url("import-progress", batch.pk))
    assert done.headers["HX-Redirect"] == url("import", batch.pk)
    report = text_of(page.get(url("import", batch.pk), {"tab": "unresolved"}))
    assert "Más de un municipio del estado tiene este nombre." in report

    page.post(url("import-load", batch.pk))
    jobs.run_batch(batch_id=str(batch.pk))
    assert Opening.objects.count() == 3
    assert ImportSource.objects.get(name="Bolsa de Uruapan").columns["title"] == "puesto"
    assert page.post(url("import-load", batch.pk), follow=True).status_code == 200
    assert Opening.objects.count() == 3


def test_the_job_does_nothing_for_somebody_who_lost_the_right(page, cast):
    upload(page, csv_file(MASON))
    batch = ImportBatch.objects.get()
    send_columns(page, batch)
    cast.users["liaison"].memberships.all().delete()
    jobs.run_batch(batch_id=str(batch.pk))
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.FAILED
    assert not Opening.objects.exists()


def test_a_failure_is_told_on_the_page_and_leaves_nothing_loaded(page, monkeypatch):
    upload(page, csv_file(MASON))
    batch = ImportBatch.objects.get()
    send_columns(page, batch)

    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr(jobs.imports, "carry_out", fail)
    with pytest.raises(RuntimeError):
        jobs.run_batch(batch_id=str(batch.pk))
    assert "Pasó algo inesperado" in page.get(url("import", batch.pk)).content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no tiene renglones"),
        (b"PK\x03\x04nonsense", "dañado"),
        (b"\x1f\x8b\x08\x00garbage", "comprimido"),
        (b"\x00\x01\x02", "CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_change(page, content, words):
    response = upload(page, content)
    assert response.status_code == 422
    assert words in text_of(response)
    assert not ImportBatch.objects.exists()


def test_two_rules_for_the_last_day_are_refused(page):
    upload(page, csv_file(MASON))
    response = send_columns(page, ImportBatch.objects.get(), open_days="3", open_days_from_import="5")
    assert response.status_code == 422


def test_no_cell_of_the_report_is_a_formula(page, cast):
    rows = [
        (str(n), f"{sign}cmd|' /C calc'!A0 alumeros", "", "", "Michoacán", f"{sign}1+1")
        for n, sign in enumerate(FORMULA)
    ]
    batch = load(cast.liaison, make_source(), csv_file(*rows))
    content = b"".join(page.get(url("import-report", batch.pk)).streaming_content).decode("utf-8-sig")
    written = list(csv.reader(io.StringIO(content)))
    assert len(written) > len(rows)
    assert not [cell for line in written for cell in line if cell.startswith(FORMULA)]
    assert neutralise("=1+1") == "'=1+1"


def test_what_stands_in_a_file_is_never_markup_on_a_page(page, cast):
    evil = "<script>alert(1)</script> albañil"
    batch = load(cast.liaison, make_source(), csv_file(("1", evil, "<b>x</b>", "", "Michoacán", "<i>Morelia")))
    opening = Opening.objects.get()
    for address in (
        url("list"),
        url("opening", opening.pk),
        url("import", batch.pk) + "?tab=unresolved",
        url("employers"),
    ):
        content = page.get(address).content.decode()
        assert "<script>alert" not in content
        assert "<b>x</b>" not in content


@pytest.mark.parametrize("address", ["list", "employers", "imports", "titles"])
def test_a_list_costs_the_same_number_of_queries_however_long_it_is(page, cast, board, address):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert page.get(url(address), {"standing": "all"}).status_code == 200
        return len(queries)

    page.get(url(address))
    few = count()
    more = [(str(n), f"alumeros {n}", f"Empresa {n}", "9000", "Michoacán", "Morelia") for n in range(100, 115)]
    load(cast.liaison, ImportSource.objects.get(code="uruapan"), csv_file(*more))
    assert count() == few


def test_lists_are_read_in_the_order_of_an_index(cast):
    """No list sorts its rows and none reads the whole table, however few rows the test has."""
    lists = {
        "openings_newest_first": OpeningFilter(standing="all"),
        "openings_of_state": OpeningFilter(standing="all", state="16"),
        "openings_of_kind": OpeningFilter(standing="all", kind="course"),
        "openings_without_municipality": OpeningFilter(standing="all", lacking="municipality"),
        "openings_without_occupation": OpeningFilter(standing="all", lacking="occupation"),
    }
    for index, wanted in lists.items():
        found = wanted.narrow(Opening.objects.all(), TODAY).order_by("-valid_from", "id")[:25]
        plan = explain(found, "enable_seqscan", "enable_bitmapscan", "enable_sort")
        assert "Sort" not in plan, index
        assert index in plan or "openings_newest_first" in plan, index
    words = OpeningFilter(standing="all", words="soldador").narrow(Opening.objects.all(), TODAY)
    assert "openings_by_words" in explain(words, "enable_seqscan", "enable_indexscan")


def explain(found, *switched_off):
    with transaction.atomic(), connection.cursor() as cursor:
        for name in switched_off:
            cursor.execute(f"SET LOCAL {name} = off")
        plan = found.explain()
        for name in switched_off:
            cursor.execute(f"SET LOCAL {name} = on")
    return plan
