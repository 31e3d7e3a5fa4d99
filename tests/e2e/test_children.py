"""A child returned again and again: from the inbox to the case, the notice and its paper, on a desk and on a tablet."""

import io

import pypdf
from playwright.sync_api import expect

from tests.e2e.conftest import DESK, TABLET, find_barriers, step_up

#: The worker compares returns after the demo was loaded.
COMPARED_SECONDS = 60


def has_no_barrier(page) -> None:
    assert find_barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), page.url


def test_a_child_returned_again_and_again_is_taken_on(sign_in):
    page = sign_in("protection", viewport=DESK)
    step_up(page)
    page.goto("/protection/inbox/")
    kind = page.get_by_text("Niña o niño retornado una y otra vez")
    for _ in range(COMPARED_SECONDS):
        if kind.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    has_no_barrier(page)
    page.locator("tr", has=kind).locator(".record-link").click()
    expect(page.locator("#main")).to_contain_text("Retornó 3 veces en 365 días")
    expect(page.locator("#main")).to_contain_text("posible víctima, nunca traficante")
    has_no_barrier(page)
    page.get_by_role("button", name="Atender y abrir el caso").click()
    page.wait_for_url("**/child/")
    page.get_by_role("link", name="Escribir el aviso").click()
    page.get_by_role("button", name="Escribir en el caso").click()
    page.locator(".error-summary").wait_for()
    has_no_barrier(page)
    for name, words in (
        ("office", "Procuraduría de Chihuahua"), ("received_by", "Guardia"), ("whereabouts", "Módulo"),
    ):  # fmt: skip
        page.locator(f"[name={name}]").fill(words)
    page.locator("[name=means][value=telephone]").check()
    page.get_by_role("button", name="Escribir en el caso").click()
    page.wait_for_url("**/child/*")
    expect(page.locator("#prosecutor_notice")).to_contain_text("Procuraduría de Chihuahua")
    has_no_barrier(page)
    address = page.locator("#prosecutor_notice a[href$='paper.pdf']").get_attribute("href")
    paper = pypdf.PdfReader(io.BytesIO(page.context.request.get(address).body()))
    assert "Zubiate" not in paper.pages[0].extract_text()


def test_a_child_alone_is_looked_after_on_a_tablet(sign_in):
    page = sign_in("protection", viewport=TABLET)
    step_up(page)
    page.goto("/protection/inbox/")
    has_no_barrier(page)
    taken = page.get_by_role("link", name="Abrir el caso")
    for address in [row.get_attribute("href") for row in page.locator(".record-link").all()]:
        page.goto(address)
        if taken.count():
            break
    has_no_barrier(page)
    taken.click()
    if page.get_by_role("button", name="Protección", exact=True).count():
        page.get_by_role("button", name="Protección", exact=True).click()
    page.get_by_role("navigation", name="Partes del caso").get_by_role("link", name="Niña, niño o adolescente").click()
    has_no_barrier(page)
    page.locator("#measures_plan").get_by_role("link").first.click()
    has_no_barrier(page)


def test_the_other_services_have_a_list_of_their_own(sign_in):
    page = sign_in("counsellor")
    page.goto("/protection/care/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Canalizadas a mí")
    has_no_barrier(page)
