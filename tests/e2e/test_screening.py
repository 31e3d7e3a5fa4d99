"""Protection at a browser: an officer takes a case on, screens in Spanish, refers; two people take an export out."""

import io

import pypdf
from playwright.sync_api import expect

from puente.config.demo_referrals import TURN
from tests.e2e.conftest import DESK, TABLET, find_barriers, step_up

#: What the demo person tells: three of one dimension, exploitation, and coercion where they worked.
FOUND = {"DR": ["DR01", "DR02"], "EX": ["EX01", "EX02"], "CD": ["CD01", "CD02"]}


def has_no_barrier(page) -> None:
    assert find_barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), page.url


def open_for_protection(page) -> None:
    """Answer for what the case is opened; within a quarter of an hour nobody is asked again."""
    if "/open/" in page.url:
        page.get_by_role("button", name="Protección", exact=True).click()


def open_case_of_the_demo(page) -> None:
    """Go to the first own case that has a referral's consent: the demo's adults, whose next thing is a call."""
    page.goto("/protection/cases/")
    page.locator("tr", has=page.get_by_text("Llamada")).first.locator(".record-link").click()
    open_for_protection(page)


def test_an_officer_takes_a_case_and_screens_part_by_part(sign_in):
    page = sign_in("protection", viewport=DESK)
    step_up(page)
    page.goto("/protection/inbox/")
    page.locator("tr", has_text=TURN).locator(".record-link").click()
    has_no_barrier(page)
    page.get_by_role("button", name="Atender a la persona y abrir el caso").click()
    page.wait_for_url("**/protection/cases/**")
    page.get_by_role("link", name="Tamizaje").click()
    has_no_barrier(page)
    page.get_by_role("link", name="Nuevo tamizaje").click()
    has_no_barrier(page)
    page.locator("[name=subject][value=labour]").check()
    page.locator("[name=age_basis][value=adult]").check()
    page.locator("[name=consent_by][value=person]").check()
    page.locator("[name=place]").fill("Sala 2")
    page.locator("[name=is_private][value=yes]").check()
    page.locator("[name=interpreter][value=none]").check()
    page.locator("main form button.button-seal").click()
    for code in ("DR", "CR", "RV", "EX", "CD", "VD"):
        page.wait_for_url(f"**/part/{code}/")
        has_no_barrier(page)
        for indicator in FOUND.get(code, []):
            page.locator(f"[name={indicator}][value=yes]").check()
        page.locator("main form button.button-seal").click()
    page.wait_for_url("**/story/")
    has_no_barrier(page)
    page.locator("[name=act][value=yes]").check()
    page.locator("main form button.button-seal").click()
    page.wait_for_url("**/reading/")
    main = page.locator("#main")
    expect(main).to_contain_text("Presunta víctima de trata")
    expect(main).to_contain_text("Que no se haya encontrado algo no prueba nada")
    has_no_barrier(page)
    # The officer reads it otherwise: only with a reason.
    page.locator("[name=outcome][value=exploited]").check()
    page.locator("main form button.button-seal").click()
    expect(page.locator(".error-summary")).to_contain_text("escriba por qué")
    has_no_barrier(page)
    page.locator("[name=reason]").fill("La retención fue de otra persona.")
    page.locator("main form button.button-seal").click()
    expect(main).to_contain_text("La herramienta leyó: Presunta víctima de trata")
    expect(main).to_contain_text("La retención fue de otra persona.")
    has_no_barrier(page)


def test_a_referral_is_shown_sent_printed_and_delivered(sign_in):
    page = sign_in("protection", viewport=TABLET)
    step_up(page)
    open_case_of_the_demo(page)
    page.get_by_role("link", name="Canalizaciones").click()
    has_no_barrier(page)
    page.get_by_role("link", name="Canalizar a un servicio").click()
    has_no_barrier(page)
    page.locator("[name=service]").select_option("juarez_victims")
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator("#main")).to_contain_text("Esto siempre se dice")
    has_no_barrier(page)
    page.get_by_role("button", name="Ver lo que se dice").click()
    page.locator(".error-summary").wait_for()
    has_no_barrier(page)
    page.locator("[name=told_asked]").fill("Registro y medidas de protección")
    page.locator("[name=told_presumed]").fill("Le retuvieron los papeles y el pago")
    page.locator("[name=told_safe_contact]").fill("A través de esta oficina")
    page.get_by_role("button", name="Ver lo que se dice").click()
    page.get_by_role("heading", name="Esto, y nada más, se dice").wait_for()
    has_no_barrier(page)
    page.get_by_role("button", name="Enviar").click()
    page.get_by_text("Anotada como enviada").wait_for()
    assert "juarez_victims" not in page.url
    has_no_barrier(page)
    address = page.get_by_role("link", name="Imprimir el papel").get_attribute("href")
    paper = pypdf.PdfReader(io.BytesIO(page.context.request.get(address).body()))
    words = " ".join(paper.pages[0].extract_text().split())
    assert "Registro y medidas de protección" in words
    assert len(paper.pages) == 1
    page.locator("[name=state][value=delivered]").check()
    page.locator("[name=proof][value=person]").check()
    page.get_by_role("button", name="Escribir en el caso").click()
    expect(page.locator(".page-head")).to_contain_text("cumplida")
    has_no_barrier(page)


def test_two_people_take_an_export_out_once(sign_in):
    officer, supervisor = sign_in("protection", viewport=DESK), sign_in("supervisor", viewport=TABLET)
    for page in (officer, supervisor):
        step_up(page)
    officer.goto("/protection/exports/")
    has_no_barrier(officer)
    officer.get_by_role("link", name="Pedir una exportación").click()
    has_no_barrier(officer)
    officer.get_by_role("link", name="Cifras de los casos").click()
    officer.locator("[name=fields_told][value=opened_in]").check()
    officer.locator("[name=fields_told][value=risk]").check()
    officer.get_by_role("button", name="Pedir la exportación").click()
    officer.locator(".error-summary").wait_for()
    has_no_barrier(officer)
    officer.locator("[name=first_day]").fill("2020-01-01")
    officer.locator("[name=last_day]").fill("2099-12-31")
    officer.locator("[name=reason][value=review]").check()
    officer.locator("[name=words]").fill("Revisión trimestral con la oficina central.")
    officer.get_by_role("button", name="Pedir la exportación").click()
    expect(officer.locator("#main")).to_contain_text("Contesta otra persona")
    has_no_barrier(officer)
    asked = officer.url
    supervisor.goto("/protection/exports/")
    has_no_barrier(supervisor)
    supervisor.get_by_role("link", name="Cifras de los casos").first.click()
    has_no_barrier(supervisor)
    supervisor.locator("[name=answer][value=yes]").check()
    supervisor.get_by_role("button", name="Contestar").click()
    expect(supervisor.locator("#main")).to_contain_text("se puede bajar hasta")
    officer.goto(asked)
    has_no_barrier(officer)
    with officer.expect_download() as fetched:
        officer.get_by_role("button", name="Hacer como XLSX").click()
    assert fetched.value.suggested_filename.endswith(".xlsx")
    officer.goto(asked)
    expect(officer.locator("#main")).to_contain_text("ya se bajó")
    expect(officer.get_by_role("button", name="Hacer como XLSX")).to_have_count(0)
    has_no_barrier(officer)
