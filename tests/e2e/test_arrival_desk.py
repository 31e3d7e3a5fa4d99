"""One arrival at the desk, by keyboard alone."""

import io
import re

import pypdf
from django.utils import timezone
from playwright.sync_api import Page

from tests.e2e.conftest import SignIn, find_barriers

MOST_KEYS = 25


class Keyboard:
    """Presses keys on a page and counts them."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1


def find_adult(page: Page) -> str:
    """Return the name of an adult on the first page of people; a child alone goes another way."""
    page.goto("/people/")
    for row in page.locator("table tbody tr").all():
        birth = re.search(r"\d{4}", row.locator("td").first.inner_text())
        if birth and timezone.localdate().year - int(birth[0]) > 18:
            return row.locator(".record-link").inner_text().replace(",", "")
    raise AssertionError("no adult on the first page of people")


def test_a_known_person_is_registered_with_few_keys_and_gets_a_slip(sign_in: SignIn):
    page = sign_in("reception")
    name = find_adult(page)
    page.goto("/reception/new/")
    page.keyboard.type(name, delay=15)
    page.locator("[data-panel]:not([hidden])").wait_for()
    hands = Keyboard(page)
    hands.press("Enter")
    page.wait_for_url("**/reception/new/form/")
    assert page.evaluate("document.activeElement.name") == "handed_over_by"
    hands.press("i", "Tab", "g", "e", "Tab", "m", "Tab", "Space")
    assert page.locator("[name=handed_over_by]").input_value() == "ice"
    assert page.locator("[name=last_us_state]").input_value() == "GA"
    hands.press("Alt+u", "Tab", "Space")
    assert page.locator("[name=services]:checked").count() > 0
    assert page.locator("[name=in_danger]:checked").input_value() == "no"
    hands.press("Control+Enter")
    page.wait_for_url("**/reception/arrivals/**")
    assert hands.count <= MOST_KEYS, f"{hands.count} keys"
    assert find_barriers(page) == []
    slip = page.context.request.get(page.locator("a[href$='slip.pdf']").get_attribute("href"))
    assert len(pypdf.PdfReader(io.BytesIO(slip.body())).pages) == 1


def test_a_new_person_is_asked_for_what_is_missing_and_keeps_what_was_written(sign_in: SignIn):
    page = sign_in("reception")
    page.goto("/reception/new/")
    page.keyboard.type("xicale tzintzun noemi 90 oax", delay=15)
    page.get_by_text("Xicale").first.wait_for()
    page.keyboard.press("Alt+n")
    page.wait_for_url("**/reception/new/form/")
    assert page.locator("[name=birth_year]").input_value() == "1990"
    page.keyboard.press("Control+Enter")
    page.locator(".error-summary").wait_for()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.locator("[name=first_surname]").input_value() == "Xicale"
    assert find_barriers(page) == []
    page.get_by_role("link", name="Elija quién entregó a la persona").click()
    assert page.evaluate("document.activeElement.name") == "handed_over_by"
