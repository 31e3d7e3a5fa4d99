"""A person handed over: taken on, opened for a purpose, looked after, and the case closed by two people."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import DESK, TABLET, find_barriers, step_up
from tests.hostile_files import photo

WAITS = "A-088"


def has_no_barrier(page) -> None:
    assert find_barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), page.url


def choose_tab(page, name: str) -> None:
    page.get_by_role("navigation", name="Partes del caso").get_by_role("link", name=name, exact=True).click()
    has_no_barrier(page)


def test_from_the_inbox_to_a_case_that_is_closed_by_another_person(sign_in):
    page = sign_in("protection", viewport=DESK)
    step_up(page)
    page.goto("/protection/inbox/")
    page.locator("tr", has_text=WAITS).locator(".record-link").click()
    page.get_by_role("button", name="Atender a la persona y abrir el caso").click()
    has_no_barrier(page)
    reference = page.locator("h1 code").inner_text()
    case = page.url
    assert reference in page.title()

    page.get_by_role("button", name="Cerrar las páginas").click()
    page.goto(case)
    expect(page.get_by_role("heading", level=1)).to_have_text("¿Para qué abre el caso?")
    has_no_barrier(page)
    page.get_by_role("button", name="Protección", exact=True).click()
    expect(page.locator(".case-opening")).to_contain_text("Abierto para protección")

    choose_tab(page, "Plan de seguridad")
    page.get_by_role("link", name="Escribir el plan de seguridad").click()
    page.get_by_role("button", name="Poner en vigor el plan").click()
    page.locator(".error-summary").wait_for()
    has_no_barrier(page)
    page.locator("[name=risk][value=high]").check()
    page.locator("[name=risks]").fill("la esperan afuera")
    page.locator("[name=review_on]").fill("2099-01-01")
    page.get_by_role("button", name="Poner en vigor el plan").click()
    expect(page.locator("#main")).to_contain_text("la esperan afuera")
    has_no_barrier(page)

    choose_tab(page, "Contacto seguro")
    expect(page.locator("#main")).to_contain_text("No sale nada")
    page.get_by_role("link", name="Escribir cómo contactar a la persona").click()
    page.locator("[name=channels][value=call]").check()
    for name, value in (("begins", "00:00"), ("ends", "23:59"), ("review_on", "2099-01-01")):
        page.locator(f"[name={name}]").fill(value)
    has_no_barrier(page)
    page.get_by_role("button", name="Poner en vigor las instrucciones").click()
    expect(page.locator("aside li", has_text="Llamadas")).to_have_text(re.compile(r"Llamadas\s*permitido"))

    choose_tab(page, "Seguimientos")
    page.get_by_role("link", name="Planear un seguimiento").click()
    page.locator("[name=kind][value=call]").check()
    page.locator("[name=due_on]").fill("2099-01-01")
    has_no_barrier(page)
    page.get_by_role("button", name="Planear").click()
    page.locator(".record-link", has_text="Llamada").click()
    page.locator("[name=result][value=done]").check()
    page.get_by_role("button", name="Anotar").click()
    expect(page.locator("#main")).to_contain_text("Qué resultó de los demás")
    has_no_barrier(page)

    choose_tab(page, "Papeles")
    page.get_by_role("link", name="Adjuntar un documento").click()
    page.locator("[name=file]").set_input_files({"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.locator("[name=title]").fill("nota médica")
    page.locator("[name=compartment][value=health]").check()
    has_no_barrier(page)
    page.get_by_role("button", name="Adjuntar").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Descargar").click()
    assert re.fullmatch(rf"{reference}-[0-9a-f]{{6}}\.jpg", taken.value.suggested_filename)

    choose_tab(page, "Historia")
    expect(page.locator("#main")).to_contain_text("Quién abrió este caso")

    choose_tab(page, "Resumen")
    page.get_by_role("link", name="Cerrar el caso").click()
    page.locator("[name=reason][value=left_area]").check()
    page.locator("[name=words]").fill("se fue con su tía")
    page.get_by_role("button", name="Pedir que se cierre el caso").click()
    expect(page.locator("#main")).to_contain_text("espera una decisión")
    has_no_barrier(page)

    second = sign_in("supervisor", viewport=DESK)
    step_up(second)
    second.goto("/protection/cases/")
    has_no_barrier(second)
    second.get_by_role("link", name="Casos por cerrar").click()
    has_no_barrier(second)
    second.locator(".record-link", has_text=reference).click()
    expect(second.locator("#main")).to_contain_text("se fue con su tía")
    second.locator("[name=verdict][value=close]").check()
    has_no_barrier(second)
    second.get_by_role("button", name="Decidir").click()
    expect(second.locator("#main")).to_contain_text("El caso está cerrado.")
    page.goto("/protection/cases/?state=closed")
    expect(page.locator("table")).to_contain_text(reference)


def test_the_lists_and_a_case_fit_on_a_tablet(sign_in):
    page = sign_in("protection", viewport=TABLET)
    step_up(page)
    for address in ("/protection/cases/", "/protection/cases/?whose=office", "/protection/cases/?state=closed"):
        page.goto(address)
        has_no_barrier(page)
    page.goto("/protection/cases/")
    page.locator("tr", has_text="Alto").locator(".record-link").first.click()
    page.get_by_role("button", name="Protección", exact=True).click()
    for name in ("Plan de seguridad", "Contacto seguro", "Seguimientos", "Historia", "Papeles"):
        choose_tab(page, name)


def test_supervision_passes_a_case_on_by_its_reference(sign_in):
    page = sign_in("supervisor")
    step_up(page)
    page.goto("/protection/cases/?whose=office")
    has_no_barrier(page)
    page.get_by_role("link", name="Quién está a cargo").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quién está a cargo")
    has_no_barrier(page)
