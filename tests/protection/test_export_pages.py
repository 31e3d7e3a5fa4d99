"""The pages of exports: asked by one, let out by another, made once, with the terms in every file."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from puente.accounts.services import create_staff
from puente.engines.screening import COLUMNS, Answer, Outcome
from puente.platform.row_security import acting_as
from puente.protection.exporting import list_kinds
from puente.protection.models import ExportState, ProtectedExport
from puente.protection.screenings import Story
from puente.protection.services import answer_indicators, begin_screening, conclude_screening, tell_story
from puente.protection.services.exports import FEWEST_CASES, VALIDITY
from tests.cast import PASSWORD, step_up_client
from tests.protection.cases import open_for
from tests.protection.conftest import step_up
from tests.protection.test_screenings import describe_setting

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LIST = reverse("protection:exports")
WORDS = "Para el informe trimestral a la oficina central."


@pytest.fixture
def sign_in(client, cast):
    def sign_in(role):
        client.force_login(cast.users[role], backend=BACKEND)
        step_up_client(client)
        return client

    return sign_in


def said(**changes):
    today = timezone.localdate()
    return {
        "office": "", "fields_told": ["opened_in", "state", "risk"], "first_day": today - timedelta(days=30),
        "last_day": today + timedelta(days=1), "reason": "review", "words": WORDS,
    } | changes  # fmt: skip


def ask(client, cast, kind="case_figures", **changes):
    answer = said(office=str(cast.bridge.pk), **changes)
    return client.post(reverse("protection:export_ask", args=[kind]), answer, follow=True)


def find(actor):
    with acting_as(step_up(actor)):
        return ProtectedExport.objects.get()


def address(export, name="export"):
    return reverse(f"protection:{name}", args=[export.pk])


def text(response):
    return response.content.decode()


@pytest.fixture
def approved(sign_in, cast, cases):
    """An export that the officer asked for and the supervisor let out."""
    ask(sign_in("protection"), cast)
    export = find(cast.protection)
    sign_in("supervisor").post(address(export), {"answer": "yes", "words": ""})
    return export


def test_one_asks_another_one_answers_and_the_file_is_made_once(sign_in, cast, cases):
    page = text(sign_in("protection").get(LIST))
    assert "Todavía no se ha pedido ninguna exportación" in page
    page = text(ask(sign_in("protection"), cast))
    assert "Contesta otra persona" in page
    assert WORDS in page
    export = find(cast.protection)
    page = text(sign_in("supervisor").get(LIST))
    assert address(export) in page
    assert "espera a otra persona" in page
    page = text(sign_in("supervisor").post(address(export), {"answer": "yes", "words": "de acuerdo"}, follow=True))
    assert "Hacer como XLSX" not in page
    page = text(sign_in("protection").get(address(export)))
    assert "de acuerdo" in page
    assert "Hacer como XLSX" in page
    made = sign_in("protection").post(address(export, "export_produce"), {"format": "xlsx"})
    assert made["Content-Disposition"] == f'attachment; filename="export-{export.pk}.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(made.content))
    rows = book.get_sheet_by_name("data").to_python()
    assert rows[0] == ["opened_in", "state", "risk"]
    assert len(rows) == 1 + FEWEST_CASES
    terms = str(book.get_sheet_by_name("terms").to_python())
    for words in ("Revisión de nuestro trabajo", "Protection", "Supervisor", str(export.pk), "No lo combine"):
        assert words in terms
    page = text(sign_in("protection").post(address(export, "export_produce"), {"format": "xlsx"}, follow=True))
    assert "No hay nada que bajar" in page
    assert "ya se bajó, 5 filas" in page
    assert find(cast.protection).state(timezone.now()) is ExportState.PRODUCED


def test_as_csv_the_terms_go_with_the_table(sign_in, approved):
    made = sign_in("protection").post(address(approved, "export_produce"), {"format": "csv"})
    assert made["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert sorted(archive.namelist()) == ["data.csv", "terms.txt"]
        table, terms = archive.read("data.csv").decode("utf-8-sig"), archive.read("terms.txt").decode()
    assert table.splitlines()[0] == '"opened_in","state","risk"'
    assert len(table.splitlines()) == 1 + FEWEST_CASES
    assert "Úselo para el fin de arriba y para nada más" in terms


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_no_cell_of_an_export_is_a_formula(sign_in, approved, monkeypatch, format):
    monkeypatch.setattr(
        "puente.protection.services.exports.produce_export",
        lambda **_: (approved, [{"opened_in": "=HYPERLINK(1)", "state": "+1", "risk": "@x"}] * FEWEST_CASES),
    )
    made = sign_in("protection").post(address(approved, "export_produce"), {"format": format})
    if format == "xlsx":
        row = CalamineWorkbook.from_filelike(io.BytesIO(made.content)).get_sheet_by_name("data").to_python()[1]
        assert row == ["'=HYPERLINK(1)", "'+1", "'@x"]
    else:
        with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
            assert '"\'=HYPERLINK(1)","\'+1","\'@x"' in archive.read("data.csv").decode()


def test_nobody_answers_what_they_asked_for_themselves(sign_in, cast, cases):
    ask(sign_in("supervisor"), cast)
    export = find(cast.supervisor)
    page = text(sign_in("supervisor").get(address(export)))
    assert "Su respuesta" not in page
    page = text(sign_in("supervisor").post(address(export), {"answer": "yes"}, follow=True))
    assert "no espera una respuesta suya" in page
    assert find(cast.supervisor).state(timezone.now()) is ExportState.WAITING


def test_a_no_says_why_and_nothing_is_made(sign_in, cast, cases):
    ask(sign_in("protection"), cast)
    export = find(cast.protection)
    supervisor = sign_in("supervisor")
    page = supervisor.post(address(export), {"answer": "no", "words": ""})
    assert page.status_code == 422
    assert "Escriba por qué no" in text(page)
    supervisor.post(address(export), {"answer": "no", "words": "Faltan meses."})
    page = text(sign_in("protection").get(address(export)))
    assert "no se permite sacarlo" in page
    assert "Faltan meses." in page
    assert "Hacer como" not in page
    page = text(sign_in("protection").post(address(export, "export_produce"), {"format": "csv"}, follow=True))
    assert "No hay nada que bajar" in page


def test_what_was_not_fetched_in_time_is_gone(sign_in, cast, approved):
    with time_machine.travel(timezone.now() + VALIDITY + timedelta(minutes=1)):
        page = text(sign_in("protection").get(address(approved)))
    assert "no se bajó a tiempo" in page
    assert "Hacer como" not in page


def test_too_few_cases_are_refused_on_a_page_that_says_so(sign_in, cast):
    page = ask(sign_in("protection"), cast)
    assert page.status_code == 422
    assert "Menos de 5 casos" in text(page)
    with acting_as(step_up(cast.protection)):
        assert not ProtectedExport.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fields_told": []}, "Elija al menos un campo"),
        ({"fields_told": ["name"]}, "name"),
        ({"first_day": ""}, "Escriba el primer día"),
        ({"last_day": "ayer"}, "Escriba el último día"),
        ({"first_day": "2099-01-01", "last_day": "2099-02-01"}, "Este día todavía no llega"),
        ({"last_day": "2020-01-01"}, "El último día está antes del primero"),
        ({"reason": ""}, "Elija para qué es"),
        ({"words": ""}, "Escriba quién lo recibe y para qué"),
        ({"words": "informe"}, "Dígalo con al menos 20 letras"),
        ({"office": "01990000-0000-7000-8000-00000000c1c0"}, "01990000"),
    ],
)
def test_what_is_missing_is_said_in_words(sign_in, cast, changes, words):
    answer = said(office=str(cast.bridge.pk)) | changes
    page = sign_in("protection").post(reverse("protection:export_ask", args=["case_figures"]), answer)
    assert page.status_code == 422
    assert words in text(page)


def screen(officer, case, now):
    opened = open_for(officer, case, now=now)
    screening_id = begin_screening(actor=officer, opened=opened, setting=describe_setting(), now=now)
    answers = {"CD01": Answer.YES, "EX01": Answer.YES, "EX02": Answer.YES, "DR01": Answer.YES, "DR02": Answer.YES}
    common = {"actor": officer, "opened": opened, "screening_id": screening_id, "now": now}
    answer_indicators(**common, answers=answers)
    tell_story(
        **common, story=Story(act=Answer.YES, legal_forms=(), picked={"vic_ForcedLabourIndustry": ("F_Construction",)})
    )
    conclude_screening(**common, outcome=Outcome.PRESUMED_VICTIM, reason="lo que contó")


def test_screened_cases_leave_in_the_columns_of_the_standard(sign_in, cast, officer, cases):
    with acting_as(officer):
        for case in cases:
            screen(officer, case, timezone.now())
    page = text(sign_in("supervisor").get(reverse("protection:export_ask", args=["htcds"])))
    assert "vic_Methods_of_Control" in page
    assert "fields_told" not in page
    ask(sign_in("supervisor"), cast, kind="htcds")
    export = find(cast.supervisor)
    sign_in("protection").post(address(export), {"answer": "yes"})
    made = sign_in("supervisor").post(address(export, "export_produce"), {"format": "csv"})
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        lines = archive.read("data.csv").decode("utf-8-sig").splitlines()
    assert lines[0] == ",".join(f'"{column}"' for column in COLUMNS)
    row = dict(zip(COLUMNS, lines[1].replace('"', "").split(","), strict=True))
    assert row["vic_TraffickingStatus"] == "PossibleVictimOfTrafficking"
    assert row["con_Consent"] == "TRUE"
    assert row["prs_Gender"] == "Feminine"
    assert row["vic_Methods_of_Control"]
    for column in COLUMNS:
        if column.startswith(("prs_F", "prs_Sec", "prs_B", "prs_E", "prs_H", "prs_Mob", "prs_Mail")):
            assert row[column] == ""
    assert "Xicale" not in "\n".join(lines)


def test_every_kind_is_offered_with_what_it_tells(sign_in):
    page = text(sign_in("protection").get(reverse("protection:export_kinds")))
    for kind in list_kinds():
        assert reverse("protection:export_ask", args=[kind.code]) in page
    assert sign_in("protection").get(reverse("protection:export_ask", args=["names"])).status_code == 404


def test_the_pages_do_not_exist_for_anybody_else(sign_in, cast, approved):
    for role in ("reception", "counsellor", "coordinator", "analyst", "administrator", "far_counsellor"):
        client = sign_in(role)
        for url in (LIST, reverse("protection:export_kinds"), address(approved)):
            assert client.get(url).status_code == 404, (role, url)
        assert client.post(address(approved, "export_produce"), {"format": "csv"}).status_code == 404
        assert LIST not in text(client.get("/", follow=True))


def test_a_protection_officer_of_another_office_sees_no_export_of_this_one(sign_in, client, cast, approved):
    user = create_staff(
        email="far@puente.test", name="Far", roles=[("protection", cast.tapachula)], password=PASSWORD, is_demo=True
    )
    client.force_login(user, backend=BACKEND)
    step_up_client(client)
    assert str(approved.pk) not in text(client.get(LIST))
    assert client.get(address(approved)).status_code == 404


def test_without_a_step_up_the_pages_ask_for_one(client, cast, approved):
    client.force_login(cast.users["protection"], backend=BACKEND)
    assert client.get(LIST)["Location"].startswith(reverse("step-up"))
    assert client.post(address(approved, "export_produce"), {"format": "csv"}).status_code == 401


def test_the_section_stands_in_the_navigation(sign_in):
    assert f'href="{LIST}"' in text(sign_in("supervisor").get(LIST))
