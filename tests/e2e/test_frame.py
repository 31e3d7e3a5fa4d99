"""What every page offers: the lock that keeps the draft, the languages, the two themes."""

import pytest
from playwright.sync_api import expect

from puente.config.demo import PASSWORD
from tests.e2e.conftest import DESK, TABLET
from tests.e2e.desk import Person, begin_new, fill_arrival, read_turn, search
from tests.e2e.officer import Officer

PERSON = Person("Tlacuilo", "Bermejillo", "Prisciliano", (1977, 8, 19))
OTHER_LANGUAGES = (("English", "en", "Today at the bridge"), ("Français", "fr", "Aujourd’hui au pont"))


def test_the_lock_screen_keeps_what_was_being_written(sign_in):
    officer = Officer(sign_in("reception"), "es")
    officer.open("/reception/new/")
    search(officer).fill(PERSON.spoken)
    begin_new(officer, PERSON)
    fill_arrival(officer, "adult_alone")
    urgent = officer.field("«Is there anything you need right now?»")
    urgent.fill("Llamar a su hermana")
    with officer.page.expect_response("**/lock/"):
        officer.page.keyboard.press("Alt+B")

    lock = officer.page.get_by_role("dialog")
    expect(lock).to_contain_text("su pantalla está bloqueada")
    # Behind the lock nothing of the page can be reached, and the server gives no other page either.
    expect(officer.page.get_by_role("heading", name=officer.say("Register arrival"))).to_have_count(0)
    answer = officer.page.request.get("/people/")
    assert answer.status == 423
    assert PERSON.first_surname not in answer.text()
    password = lock.get_by_label(officer.say("Password"))
    password.fill("not this one")
    password.press("Enter")
    expect(lock).to_contain_text("Esa no es su contraseña")
    password.fill(PASSWORD)
    password.press("Enter")

    expect(lock).to_have_count(0)
    expect(urgent).to_have_value("Llamar a su hermana")
    expect(officer.field("First surname")).to_have_value(PERSON.first_surname)
    officer.press("Save and print slip")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text(PERSON.listed)
    assert read_turn(officer)


def test_a_language_chosen_on_a_page_holds_on_that_page_and_the_next(sign_in):
    officer = Officer(sign_in("coordinator"), "es")
    officer.open("/")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text("Hoy en el puente")
    for name, code, heading in OTHER_LANGUAGES:
        officer.page.locator(".who").click()
        officer.page.get_by_role("button", name=name).click()
        expect(officer.page.get_by_role("heading", level=1)).to_have_text(heading)
        officer.open("/pilot/")
        assert officer.page.get_attribute("html", "lang") == code
        officer.open("/")


def test_the_dark_theme_is_drawn_from_the_first_byte_of_the_next_page(sign_in):
    officer = Officer(sign_in("counsellor"), "es")
    officer.open("/counselling/")
    light = find_ground(officer)
    officer.page.locator(".who").click()
    officer.page.get_by_role("button", name=officer.say("Dark", "theme")).click()
    dark = find_ground(officer)
    assert dark < 60 < 200 < light
    officer.open("/openings/")
    assert 'data-theme="dark"' in officer.fetch("/openings/").decode()
    assert find_ground(officer) == dark


def find_ground(officer: Officer) -> int:
    """Return how light the page's ground is: the green of its colour, 0 to 255."""
    return int(
        officer.page.evaluate(
            """() => {
              const paint = document.createElement("canvas").getContext("2d");
              paint.fillStyle = getComputedStyle(document.body).backgroundColor;
              paint.fillRect(0, 0, 1, 1);
              return paint.getImageData(0, 0, 1, 1).data[1];
            }"""
        )
    )


@pytest.mark.parametrize(
    ("viewport", "opener"), [(DESK, ".navigation-more button"), (TABLET, ".navigation-button"), (DESK, ".who")]
)
def test_a_menu_opens_below_its_button(sign_in, viewport, opener):
    page = sign_in("protection", viewport=viewport)
    button = page.locator(opener)
    button.click()
    menu = page.locator(":popover-open")
    expect(menu).to_be_visible()
    button_box, menu_box = button.bounding_box(), menu.bounding_box()
    assert menu_box["y"] >= button_box["y"] + button_box["height"] - 1
    assert menu_box["x"] <= button_box["x"] + button_box["width"]
