"""The pages of a screening, from the consent to the officer's own reading, and of the lists beside it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from puente.engines.screening import Answer, Outcome
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from puente.protection.models import LegalForm
from puente.protection.selectors.screenings import read_recorded_factors, read_screenings
from puente.protection.services import create_case, open_case
from tests.cast import step_up_client
from tests.protection.conftest import step_up

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SETTING = {
    "subject": "labour", "age_basis": "adult", "consent_by": "person", "place": "sala 2", "is_private": "yes",
    "language": "spanish", "interpreter": "none", "counts_in_statistics": "on",
}  # fmt: skip


@pytest.fixture
def case(cast, person):
    officer = step_up(cast.protection)
    with acting_as(officer):
        made = create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=timezone.now())
        open_case(actor=officer, case_id=made.pk, purpose=Purpose.PROTECTION, now=timezone.now())
        return made


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.users["protection"], backend=BACKEND)
    step_up_client(client)
    return client


def address(name, case, *arguments):
    return reverse(f"protection:{name}", args=[case.pk, *arguments])


def read(cast, case):
    actor = step_up(cast.protection)
    with acting_as(actor):
        opened = open_case(actor=actor, case_id=case.pk, purpose=Purpose.PROTECTION, now=timezone.now())
        return read_screenings(opened), read_recorded_factors(opened)


def begin(officer, cast, case, **changes):
    officer.post(address("screening_begin", case), SETTING | changes)
    return read(cast, case)[0][0].id


def text(response):
    return response.content.decode()


def test_from_the_consent_to_the_reading(officer, cast, case):
    assert "Todavía no hay tamizajes" in text(officer.get(address("screenings", case)))
    page = officer.post(address("screening_begin", case), SETTING, follow=True)
    screening_id = read(cast, case)[0][0].id
    assert page.request["PATH_INFO"] == address("screening_dimension", case, screening_id, "DR")
    assert "Le mintieron sobre el pago" in text(page)
    assert "«¿Le prometieron un pago y le dieron otro?»" in text(page)
    assert "todavía no están verificadas" not in text(page)
    answers = {"DR01": "yes", "DR02": "yes", "DR03": "unknown", "DR04": ""}
    page = officer.post(address("screening_dimension", case, screening_id, "DR"), answers)
    assert page["Location"] == address("screening_dimension", case, screening_id, "CR")
    for code, said in (("CR", {}), ("RV", {}), ("EX", {"EX01": "yes", "EX02": "yes"}), ("CD", {}), ("VD", {})):
        officer.post(address("screening_dimension", case, screening_id, code), said)
    assert read(cast, case)[0][0].answers == {
        "DR01": Answer.YES, "DR02": Answer.YES, "DR03": Answer.UNKNOWN, "EX01": Answer.YES, "EX02": Answer.YES,
    }  # fmt: skip
    told = {
        "act": "yes", "legal_forms": ["forced_labour"], "vic_TypeOfExploitation": ["ForcedLabour"],
        "vic_ForcedLabourIndustry": ["F_Construction"],
    }  # fmt: skip
    page = text(officer.post(address("screening_story", case, screening_id), told, follow=True))
    assert "Presuntamente engañada y explotada" in page
    assert "Por un indicador fuerte y al menos otro." in page
    assert "Presunta víctima de trata" in page  # what open indicators could make of it
    assert "Le mintieron sobre las condiciones de trabajo" in page  # asked and not known
    assert "Trabajo o servicios forzados" in page
    assert "2026.1" in page
    assert "Que no se haya encontrado algo no prueba nada" in page


def test_the_officer_differs_only_with_a_reason(officer, cast, case):
    screening_id = begin(officer, cast, case)
    officer.post(address("screening_dimension", case, screening_id, "EX"), {"EX01": "yes"})
    reading = address("screening_reading", case, screening_id)
    page = officer.post(reading, {"outcome": "presumed_victim", "reason": ""})
    assert page.status_code == 422
    assert "Usted lo lee distinto que la herramienta: escriba por qué" in text(page)
    page = text(officer.post(reading, {"outcome": "presumed_victim", "reason": "la espera un hombre"}, follow=True))
    assert "La herramienta leyó: Señal de alerta: se encontró algún indicador." in page
    assert "la espera un hombre" in page
    assert "Presunta víctima de trata" in text(officer.get(address("screenings", case)))
    assert read(cast, case)[0][0].conclusion.officer is Outcome.PRESUMED_VICTIM


def test_nothing_is_read_before_anything_was_asked(officer, cast, case):
    screening_id = begin(officer, cast, case)
    page = officer.post(address("screening_reading", case, screening_id), {"outcome": "no_indicator"})
    assert page.status_code == 422
    assert "Anote al menos un indicador" in text(page)


def test_a_read_screening_is_corrected_with_a_reason_and_keeps_its_history(officer, cast, case):
    screening_id = begin(officer, cast, case)
    officer.post(address("screening_dimension", case, screening_id, "EX"), {"EX01": "yes", "EX02": "yes"})
    reading = address("screening_reading", case, screening_id)
    officer.post(reading, {"outcome": "exploited"})
    assert officer.get(address("screening", case, screening_id))["Location"] == reading
    assert officer.get(address("screening_dimension", case, screening_id, "EX"))["Location"] == reading
    correction = address("screening_correct", case, screening_id, "EX02")
    page = officer.post(correction, {"answer": "no", "reason": ""})
    assert page.status_code == 422
    assert "Escriba por qué" in text(page)
    page = text(officer.post(correction, {"answer": "no", "reason": "entendí mal"}, follow=True))
    assert "Se corrigieron respuestas después" in page
    assert "«Sí hay»: entendí mal" in page
    assert officer.get(address("screening_correct", case, screening_id, "EX99")).status_code == 404


def test_before_the_reading_a_correction_is_an_answer(officer, cast, case):
    screening_id = begin(officer, cast, case)
    page = officer.get(address("screening_correct", case, screening_id, "EX02"))
    assert page["Location"] == address("screening_dimension", case, screening_id, "EX")


def test_one_goes_on_where_one_stopped(officer, cast, case):
    screening_id = begin(officer, cast, case)
    resume = address("screening", case, screening_id)
    officer.post(address("screening_dimension", case, screening_id, "DR"), {"DR01": "no"})
    assert officer.get(resume)["Location"] == address("screening_dimension", case, screening_id, "CR")
    for code in ("CR", "RV", "EX", "CD", "VD"):
        officer.post(address("screening_dimension", case, screening_id, code), {f"{code}01": "unknown"})
    assert officer.get(resume)["Location"] == address("screening_story", case, screening_id)
    officer.post(address("screening_story", case, screening_id), {})
    assert officer.get(resume)["Location"] == address("screening_reading", case, screening_id)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"subject": ""}, "Elija de qué trata el tamizaje"),
        ({"age_basis": ""}, "Elija la edad"),
        ({"consent_by": ""}, "Sin consentimiento, no empiece"),
        ({"consent_by": "guardian"}, "Una persona adulta decide por sí misma"),
        ({"place": ""}, "Escriba dónde es la entrevista"),
        ({"place": "x" * 121}, "Redúzcalo a 120 caracteres"),
        ({"is_private": ""}, "Elija si la persona está a solas con usted"),
        ({"language": ""}, "Elija el idioma de la entrevista"),
    ],
)
def test_what_is_missing_is_said_in_words(officer, cast, case, change, said):
    page = officer.post(address("screening_begin", case), SETTING | change)
    assert page.status_code == 422
    assert said in text(page)
    assert read(cast, case)[0] == []


def test_the_sexual_sets_carry_their_banner(officer, cast, case):
    screening_id = begin(officer, cast, case, subject="sexual")
    for name, arguments in (("screening_dimension", ["DR"]), ("screening_story", []), ("screening_reading", [])):
        page = text(officer.get(address(name, case, screening_id, *arguments)))
        assert "Estas preguntas todavía no están verificadas" in page


def test_a_child_is_asked_with_the_questions_for_children(officer, cast, case):
    screening_id = begin(officer, cast, case, age_basis="in_doubt", consent_by="authority")
    page = text(officer.get(address("screening_dimension", case, screening_id, "CD")))
    assert "guiar, cruzar gente" in page
    officer.post(address("screening_dimension", case, screening_id, "EX"), {"EX01": "yes", "EX06": "yes"})
    page = text(officer.get(address("screening_reading", case, screening_id)))
    assert "no hace falta un medio" in page


def test_the_age_is_suggested_by_the_birth_year(officer, cast, case):
    page = text(officer.get(address("screening_begin", case)))
    assert 'value="adult" id="id_age_basis_0" checked' in page or 'value="adult" checked' in page


def test_an_unknown_part_or_screening_does_not_exist(officer, cast, case, person):
    screening_id = begin(officer, cast, case)
    assert officer.get(address("screening_dimension", case, screening_id, "XX")).status_code == 404
    assert officer.get(address("screening_dimension", case, person.pk, "DR")).status_code == 404
    assert officer.get(address("screening_reading", case, person.pk)).status_code == 404
    assert officer.get(address("factor_correct", case, person.pk)).status_code == 404


def test_the_pages_do_not_exist_for_anybody_else(client, cast, case):
    for role in ("reception", "counsellor", "coordinator", "administrator", "supervisor"):
        client.force_login(cast.users[role], backend=BACKEND)
        step_up_client(client)
        for name in ("screenings", "screening_begin", "vulnerability", "factor_new"):
            assert client.get(address(name, case)).status_code == 404, (role, name)


def test_without_a_step_up_the_pages_ask_for_one(client, cast, case):
    client.force_login(cast.users["protection"], backend=BACKEND)
    page = client.get(address("screenings", case))
    assert page.status_code == 302
    assert page["Location"].startswith(reverse("step-up"))


def test_the_name_of_the_person_stands_on_no_page(officer, cast, case):
    screening_id = begin(officer, cast, case)
    for name, arguments in (
        ("screenings", []), ("screening_begin", []), ("screening_dimension", [screening_id, "DR"]),
        ("screening_story", [screening_id]), ("screening_reading", [screening_id]), ("vulnerability", []),
    ):  # fmt: skip
        page = text(officer.get(address(name, case, *arguments)))
        assert "Xicale" not in page
        assert "Noemí" not in page


FACTOR = {"factor": "family_violence", "effect": "risk", "evidence": "la golpean", "action": "albergue"}


def test_factors_are_recorded_and_corrected(officer, cast, case):
    assert "Todavía no hay factores anotados" in text(officer.get(address("vulnerability", case)))
    page = text(officer.post(address("factor_new", case), FACTOR, follow=True))
    assert "Violencia en la familia" in page
    assert "la golpean" in page
    (recorded,) = read(cast, case)[1]
    correct = address("factor_correct", case, recorded.id)
    assert "la golpean" in text(officer.get(correct))
    page = text(officer.post(correct, FACTOR | {"evidence": "ya no"}, follow=True))
    assert "Corregido. Ver qué decía" in page
    assert "la golpean" in page


def test_a_factor_of_ones_own_words(officer, cast, case):
    own = FACTOR | {"factor": "other:community", "own_words": "", "effect": "protective"}
    page = officer.post(address("factor_new", case), own)
    assert page.status_code == 422
    assert "Escriba cuál es el factor" in text(page)
    page = text(officer.post(address("factor_new", case), own | {"own_words": "grupo de mujeres"}, follow=True))
    assert "grupo de mujeres" in page
    assert "Protege" in page
    (recorded,) = read(cast, case)[1]
    page = text(officer.get(address("factor_correct", case, recorded.id)))
    assert 'value="grupo de mujeres"' in page


@pytest.mark.parametrize(
    ("change", "said"),
    [({"factor": ""}, "Elija el factor"), ({"effect": ""}, "Elija si pone en riesgo o protege"),
     ({"evidence": ""}, "Escriba lo que vio o escuchó")],
)  # fmt: skip
def test_what_a_factor_lacks_is_said_in_words(officer, cast, case, change, said):
    page = officer.post(address("factor_new", case), FACTOR | change)
    assert page.status_code == 422
    assert said in text(page)


def test_a_supervisor_corrects_the_list_of_the_law(client, cast):
    client.force_login(cast.users["supervisor"], backend=BACKEND)
    page = text(client.get(reverse("protection:legal_forms")))
    assert page.count("sin verificar") == 11
    one = reverse("protection:legal_form", args=["children_in_crime"])
    said = {
        "label_es": "Utilización de menores de edad en delitos", "label_en": "Use of minors in crime",
        "label_fr": "Utilisation de mineurs", "reference": "art. 10, VII", "is_verified": "on", "is_offered": "on",
    }  # fmt: skip
    assert client.post(one, said | {"label_fr": ""}).status_code == 422
    page = text(client.post(one, said, follow=True))
    assert "Utilización de menores de edad en delitos" in page
    assert page.count("sin verificar") == 10
    assert LegalForm.objects.get(pk="children_in_crime").is_verified
    assert client.get(reverse("protection:legal_form", args=["none"])).status_code == 404


def test_loading_the_list_again_keeps_what_the_office_corrected(cast):
    from puente.platform.paths import CONTENT
    from puente.protection.services import edit_legal_form, load_legal_forms

    with acting_as(cast.supervisor):
        edit_legal_form(
            actor=cast.supervisor, code="slavery", labels={"es": "a", "en": "b", "fr": "c"}, reference="art. 11",
            is_verified=True, is_offered=False, now=timezone.now(),
        )  # fmt: skip
    assert load_legal_forms(CONTENT / "protection" / "legal_forms.csv") == {"legal forms": 11}
    form = LegalForm.objects.get(pk="slavery")
    assert (form.label_es, form.reference, form.is_verified, form.is_offered) == ("a", "art. 11", True, False)


def test_nobody_else_corrects_the_list(client, cast):
    for role in ("protection", "coordinator", "reception"):
        client.force_login(cast.users[role], backend=BACKEND)
        assert client.get(reverse("protection:legal_forms")).status_code == 404
        assert client.get(reverse("protection:legal_form", args=["slavery"])).status_code == 404
