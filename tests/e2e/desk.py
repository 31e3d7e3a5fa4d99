"""What reception does, page by page."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.e2e.officer import Officer, Typist

POINT = "juarez_paso_del_norte"


@dataclass(frozen=True)
class Person:
    """An invented person, as they say it."""

    first_surname: str
    second_surname: str
    given: str
    birth: tuple[int, int, int]

    @property
    def listed(self) -> str:
        """The name as lists of the product write it."""
        return f"{self.first_surname} {self.second_surname}, {self.given}"

    @property
    def spoken(self) -> str:
        """What is typed at the desk: surnames, given name, year."""
        return f"{self.first_surname} {self.second_surname} {self.given} {self.birth[0]}"

    @property
    def names(self) -> list[str]:
        """Each part of the name, none of which may stand in an address."""
        return [self.first_surname, self.second_surname, self.given]


def load_list(officer: Officer, folder: Path, sender: str, people: list[Person]) -> None:
    """Write a list as the sender would, load it from the page of the day, and stay on its page."""
    rows = [
        f"{person.first_surname}-{person.second_surname},{person.given},{month:02d}/{day:02d}/{year}".upper()
        for person in people
        for year, month, day in [person.birth]
    ]
    file = folder / "list.csv"
    file.write_text("\n".join(["LAST NAME,FIRST NAME,DOB", *rows]), encoding="utf-8")
    officer.open("/")
    officer.follow("Load a list")
    officer.field("List, as CSV or XLSX").set_input_files(file)
    officer.field("Who sends it").fill(sender)
    officer.choose("They come", "Bus")
    officer.field("Point").select_option(POINT)
    officer.press("Check the list")
    officer.sees("nothing is loaded yet")
    loaded = officer.count("%(number)s person can be loaded.", "%(number)s people can be loaded.", len(people))
    expect(officer.page.locator("#main")).to_contain_text(loaded)
    officer.press("Load the list")
    officer.sees("People of the list")


def fill_arrival(officer: Officer, accompaniment: str, authority: str = "border_patrol") -> None:
    """Say who handed the person over and with whom they come, and mark what everybody receives."""
    officer.field("Handed over by").select_option(authority)
    officer.page.locator(f"input[name=accompaniment][value={accompaniment}]").check()
    officer.press("Mark what everybody receives")
    expect(officer.page.locator("input[name=services]:checked")).not_to_have_count(0)


def say_in_danger(officer: Officer, answer: str) -> None:
    """Answer the question about danger with one of the words of the page."""
    officer.choose("«Do you feel in danger, or does somebody wait for you outside?»", answer)


def register_from_list(officer: Officer, person: Person) -> str:
    """Register somebody of the list that is open as a new person; returns their turn.

    They go home to "Juárez", which six states have: the page asks which.
    """
    officer.page.get_by_role("link", name=re.compile(person.first_surname, re.IGNORECASE)).click()
    begin_new(officer, person)
    expect(officer.field("First surname")).to_have_value(re.compile(person.first_surname, re.IGNORECASE))
    officer.field("First surname").fill(person.first_surname)
    officer.field("Second surname").fill(person.second_surname)
    officer.field("Given name").fill(person.given)
    year, month, day = person.birth
    for name, value in (("Day", day), ("Month", month), ("Year", year)):
        write_birth(officer, name, str(value))
    officer.field("Municipality they go to").fill("Juárez")
    fill_arrival(officer, "adult_alone")
    say_in_danger(officer, "No")
    for purpose in ("care", "contact_later", "referral"):
        officer.page.locator(f"input[name=consent_{purpose}][value=given]").check()
    officer.press("Save and print slip")
    officer.sees("More than one municipality has this name. Choose which one")
    which = officer.group("Which municipality?").get_by_role("radio")
    assert which.count() > 3
    officer.page.get_by_label("Juárez, Chih.").check()
    officer.press("Save and print slip")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text(person.listed)
    return read_turn(officer)


def write_birth(officer: Officer, part: str, value: str) -> None:
    """Write one part of the birth date; the month is a list where the page offers one."""
    field = officer.group("Birth date").get_by_label(officer.say(part), exact=True)
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def begin_new(officer: Officer, person: Person) -> None:
    """Once the search has understood who is meant, go on to the form of a new person."""
    expect(officer.page.locator(".understood")).to_contain_text(re.compile(person.given, re.IGNORECASE))
    officer.press("None of them: register a new person")


def register_alone(officer: Officer, child: Person) -> str:
    """Register a child who is alone; returns the turn."""
    officer.open("/reception/new/")
    search(officer).fill(child.spoken)
    begin_new(officer, child)
    fill_arrival(officer, "minor_alone")
    say_in_danger(officer, "Prefers not to say")
    officer.press("Save and print slip")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text(child.listed)
    return read_turn(officer)


def register_by_keyboard(officer: Officer, known: Person) -> tuple[int, str]:
    """Find a known person and register their arrival without touching the mouse.

    Returns the number of keys pressed beside those of the name, and the turn.
    """
    officer.open("/reception/new/")
    keyboard = Typist(officer.page)
    expect(search(officer)).to_be_focused()
    keyboard.write(known.spoken)
    first = officer.page.get_by_role("option", selected=True)
    expect(first).to_contain_text(known.listed)
    keyboard.press("Enter")
    expect(officer.field("Handed over by")).to_be_focused()
    # The authority by its first letter, the last state in the US, how long they were there, and with whom they come.
    keyboard.press(
        officer.field("Handed over by").locator("option").nth(1).inner_text()[0], "Tab", "T", "Tab", "ArrowDown"
    )
    keyboard.press("Tab", "Space", "Alt+U")
    expect(officer.page.locator("input[name=services]:checked")).not_to_have_count(0)
    keyboard.press("Tab", "Space", "Alt+S", "Control+Enter")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text(known.listed)
    expect(officer.page.get_by_role("link", name=officer.say("Print slip"))).to_be_focused()
    return keyboard.keys, read_turn(officer)


def find_known(officer: Officer, back: int) -> Person:
    """Return an adult whom the office has served for long: the registry's list is read from its end."""
    officer.open("/people/")
    adults = []
    while True:
        for row in officer.page.locator("table tbody tr").all():
            surnames, _, given = row.get_by_role("link").inner_text().partition(", ")
            year = re.search(r"\d{4}", row.locator("td").first.inner_text())
            if given and " " in surnames and year and int(year[0]) < 2005:
                adults.append(Person(*surnames.split(" ", 1), given, (int(year[0]), 1, 1)))
        following = officer.page.locator("a[rel=next]")
        if not following.count():
            break
        following.click()
        officer.page.wait_for_load_state()
    return adults[-1 - back]


def pass_on(officer: Officer, arrival: str) -> None:
    """From the page of an arrival: let the person go on to the stage of needs."""
    officer.open(arrival)
    officer.press("To: %(stage)s", stage=officer.say("Needs"))
    next_stage = officer.say("To: %(stage)s", stage=officer.say("Counselling"))
    expect(officer.page.get_by_role("button", name=next_stage)).to_be_visible()


def read_turn(officer: Officer) -> str:
    """Return the turn of the arrival on the page."""
    return officer.page.locator(".page-head code").inner_text()


def check_slip(officer: Officer, turn: str) -> None:
    """The slip of the arrival on the page is one sheet with the turn."""
    link = officer.page.get_by_role("link", name=officer.say("Print slip"))
    pdf = officer.read_pdf(link.get_attribute("href") or "")
    assert len(pdf.pages) == 1
    assert turn in pdf.pages[0].extract_text()


def search(officer: Officer) -> Locator:
    """Return the line in which the desk searches."""
    return officer.page.get_by_role("combobox", name=officer.say("Who arrives?"))
