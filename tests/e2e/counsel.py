"""What a counsellor does, page by page, and what the person takes home."""

import json
import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from puente.platform.paths import CONTENT
from tests.e2e.desk import Person
from tests.e2e.officer import Officer

ASSESSMENT = json.loads((CONTENT / "needs" / "assessment.json").read_text(encoding="utf-8"))
#: Question → answers of a person who goes home to look for work; what is not here they pass over.
ANSWERS = {
    "safety_now": ["no"],
    "health_now": ["pain_now"],
    "shelter_tonight": ["travelling"],
    "papers_missing": ["birth_certificate"],
    "travel_plan": ["home"],
    "travel_needs": ["ticket"],
    "work_wants": ["yes_home"],
    "work_help": ["job_offer"],
}


def find_person(officer: Officer, person: Person) -> None:
    """Open a person's file through the search of the header."""
    officer.open("/")
    line = officer.page.get_by_role("searchbox", name=officer.say("Search person"))
    line.fill(f"{person.first_surname} {person.second_surname} {person.given}")
    line.press("Enter")
    expect(officer.page.get_by_role("option", selected=True)).to_contain_text(person.listed)
    officer.follow("Open the file")
    expect(officer.page.get_by_role("heading", level=1)).to_contain_text(person.first_surname)


def assess_needs(officer: Officer) -> None:
    """From a person's file: ask all questions, at the desk a step a page, on a tablet one question a screen."""
    open_tab(officer, "Needs")
    officer.press("Ask what they need")
    page = officer.page
    page.wait_for_url("**/step/**")
    while "/step/" in page.url:
        before = page.url
        answered: set[str] = set()
        # An answer may bring the next question onto the page.
        while left := [name for name in list_questions(officer) if name not in answered]:
            answer(officer, left[0])
            answered.add(left[0])
        one_by_one = page.get_by_role("button", name=officer.say("Continue"), exact=True)
        if one_by_one.count():
            one_by_one.click()
        else:
            officer.press("Save and continue")
        page.wait_for_url(lambda url, before=before: url != before)
    officer.press("Finish and note the needs")
    officer.sees("The needs are noted.")
    assert page.locator("table tbody tr").count() >= 3


def list_questions(officer: Officer) -> list[str]:
    """Return the names of the questions on the page."""
    parts = officer.page.locator(".question-part:visible").all()
    return [(part.get_attribute("id") or "").removeprefix("part_") for part in parts]


def answer(officer: Officer, name: str) -> None:
    """Answer one question on the page with the words that it offers."""
    questions = (question for step in ASSESSMENT["steps"] for question in step["questions"])
    question = next(question for question in questions if question["name"] == name)
    kind = "radio" if question["type"] == "select_one" else "checkbox"
    for code in ANSWERS.get(name, []):
        words = next(choice["label"][officer.language] for choice in question["choices"] if choice["name"] == code)
        officer.page.locator(f"#part_{name}").get_by_role(kind, name=words, exact=True).check()
        expect(officer.page.locator(".htmx-request")).to_have_count(0)


def write_profile(officer: Officer) -> None:
    """From a person's file: two past jobs in their own words, then every section, with home and wage."""
    open_tab(officer, "Work profile")
    officer.follow("Begin with the work done")
    add_job(officer, "roofer", "7122", question="Which occupation is it?", years="6")
    add_job(officer, "carpenter", "7123", question="Two are close. Which one is it?", years="2")
    expect(officer.page.get_by_text(officer.say("confirmed"), exact=True)).to_have_count(2)
    officer.follow("Go on")
    expect(officer.field("Municipality where the person goes home to")).to_have_value("Juárez, Chih.")
    officer.field("Place %(number)s", number=1).fill("Juárez, Chih.")
    officer.field("Place %(number)s", number=2).fill("Chihuahua")
    officer.press("Save")
    # Both a city and a state.
    officer.page.get_by_role("radio", name=officer.say("anywhere in %(state)s", state="Chihuahua")).check()
    officer.press("Save")
    officer.field("The least, in pesos a month").fill("9000")
    officer.group("Hours a week, at most").get_by_role("radio", name="60").check()
    officer.press("Save")
    officer.field("Last level reached").select_option("secondary")
    officer.field("English").select_option("2")
    officer.press("Save")
    officer.group("Limits").get_by_role("checkbox", name=officer.say("No limit")).check()
    officer.press("Save")
    officer.sees("What the person can do")


def add_job(officer: Officer, words: str, code: str, *, question: str, years: str) -> None:
    """Add a past job in the person's words and confirm the occupation with this SINCO code."""
    officer.field("What did the person work as?").fill("")
    officer.field("What did the person work as?").press_sequentially(words, delay=15)
    occupation = officer.group(question).get_by_role("radio", name=f"SINCO {code}")
    occupation.check()
    officer.field("Years").fill(years)
    officer.choose("Where", "United States")
    officer.press("Add this job")
    written = (
        officer.page.get_by_role("listitem")
        .filter(has_text=f"“{words}”")
        .or_(officer.page.get_by_role("listitem").filter(has_text=re.compile(f"SINCO {code}")))
    )
    expect(written.first).to_contain_text(code)


def look_for_openings(officer: Officer) -> int:
    """From the profile: the ranked list, each opening with two reasons; returns how many can be taken."""
    officer.press("Look for openings")
    officer.sees("What suits them most stands first.")
    rows = officer.page.locator("ol.shortlist > li")
    assert 1 <= rows.count() <= 10
    for row in rows.all():
        assert row.locator(".reasons li").count() == 2
    return count_openings(officer)


def count_openings(officer: Officer) -> int:
    """Return how many openings the page says the person can take."""
    heading = officer.page.locator(".counselling-list h2").inner_text()
    return int(re.sub(r"\D", "", heading))


def look_behind_hidden(officer: Officer) -> None:
    """The first count of hidden openings leads to those openings and the reason."""
    line = officer.page.locator(".counselling-context li").first
    number = line.locator("b").first.inner_text()
    line.get_by_role("link").click()
    expect(officer.page.get_by_role("heading", level=1)).to_contain_text(number)
    expect(officer.page.locator("table tbody tr")).not_to_have_count(0)
    officer.page.go_back()


def correct_the_pay(officer: Officer, pesos: int) -> None:
    """ "This is not so" on the first opening: the pay is corrected, and the list is ranked again."""
    officer.follow("This is not so", officer.page.locator("ol.shortlist > li").first)
    officer.sees("What is not so?")
    officer.page.locator("a[href*='/correct/wage/']").click()
    officer.field("The least, in pesos a month").fill(str(pesos))
    officer.press("Correct and rank again")
    officer.said(officer.say("Corrected. This is the new order."))


def choose(officer: Officer, number: int) -> list[str]:
    """Keep the first openings of the list; returns their titles."""
    rows = officer.page.locator("ol.shortlist > li")
    for index in range(number):
        rows.nth(index).get_by_role("checkbox").check()
    officer.press("Keep what they chose")
    officer.said(officer.count("%(number)s opening chosen.", "%(number)s openings chosen.", number))
    return [rows.nth(index).get_by_role("heading").inner_text() for index in range(number)]


def introduce(officer: Officer, person: Person) -> None:
    """Introduce the person to the first employer of the list, taking the consent down first."""
    officer.follow("Introduce")
    officer.sees("This, and no more, is told")
    expect(officer.page.locator("#main")).to_contain_text(person.first_surname)
    expect(officer.page.get_by_role("button", name=officer.say("Introduce"), exact=True)).to_have_count(0)
    officer.choose("What does the person say?", "Yes")
    officer.choose("How do they say it?", "Signs")
    officer.press("Take the decision down")
    officer.group("How is it sent?").get_by_role("radio").first.check()
    officer.field("The person said yes to this employer").check()
    officer.press("Introduce")
    officer.sees("So far")
    letter = officer.page.get_by_role("link", name=officer.say("Print the letter")).get_attribute("href")
    pdf = officer.read_pdf(letter or "")
    assert len(pdf.pages) == 1
    assert person.first_surname in pdf.pages[0].extract_text()


def print_options(officer: Officer, titles: list[str]) -> str:
    """Make "Mis opciones" from the list: two pages; returns the address behind its QR."""
    with officer.page.context.expect_page() as opened:
        officer.press("Print “My options”")
    opened.value.close()
    pdf = officer.read_pdf(urlsplit(officer.page.url).path.replace("/openings/", "/sheet.pdf"))
    assert len(pdf.pages) == 2
    text = " ".join(pdf.pages[0].extract_text().split())
    assert [title for title in titles if title not in text] == []
    links = [note.get_object().get("/A", {}).get("/URI", "") for page in pdf.pages for note in page.get("/Annots", [])]
    return urlsplit(next(link for link in links if "/o/" in link)).path


def read_on_phone(phone: Officer, address: str, person: Person, titles: list[str]) -> None:
    """Open the phone page: a wrong birth date opens nothing, the right one shows what was chosen and no surname."""
    phone.open(address)
    year, month, day = person.birth
    for tried in (year - 1, year):
        phone.field("Day").fill(str(day))
        phone.field("Month").select_option(str(month))
        phone.field("Year").fill(str(tried))
        phone.press("See my options")
        if tried != year:
            phone.sees("We cannot open this page with that date")
            expect(phone.page.locator(".phone-option")).to_have_count(0)
    expect(phone.page.locator(".phone-option")).to_have_count(len(titles))
    for number, title in enumerate(titles):
        expect(phone.page.locator(".phone-option h2").nth(number)).to_contain_text(title)
    expect(phone.page.locator("body")).to_contain_text(person.given)
    expect(phone.page.locator("body")).not_to_contain_text(person.first_surname)


def open_tab(officer: Officer, name: str) -> None:
    """From a person's file: go to one of its tabs."""
    officer.page.locator(".tabs").get_by_role("link", name=officer.say(name)).click()
