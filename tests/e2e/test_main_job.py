"""The main job in a real browser: received at the bridge, home with real jobs."""

import pytest
from playwright.sync_api import expect

from tests.e2e import counsel, desk
from tests.e2e.conftest import DESK, PHONE, TABLET
from tests.e2e.desk import Person
from tests.e2e.officer import Officer

#: Most keys beside the name that a known person may cost.
MOST_KEYS = 25
#: Invented: who comes, who is on the list and does not come, and a child who is alone.
CAST = [
    (
        Person("Ixtlahuaca", "Zepeda", "Baldomero", (1988, 4, 9)),
        Person("Tepoztlán", "Urdiales", "Casimiro", (1979, 11, 30)),
        Person("Cuauhtle", "Nopaltzin", "Nayeli", (2013, 2, 17)),
    ),
    (
        Person("Xochihua", "Yberri", "Demetrio", (1991, 7, 22)),
        Person("Quechol", "Ocaranza", "Eleuterio", (1983, 1, 5)),
        Person("Tzompantzi", "Huerta", "Citlali", (2012, 9, 3)),
    ),
    (
        Person("Zitlalpopoca", "Arellanes", "Fulgencio", (1985, 12, 14)),
        Person("Yturbide", "Mexicano", "Gumersindo", (1996, 6, 28)),
        Person("Coyotzi", "Lumbreras", "Itzayana", (2014, 5, 11)),
    ),
]


@pytest.mark.parametrize(
    ("number", "language", "viewport"),
    [(0, "es", DESK), (1, "es", TABLET), (2, "fr", DESK)],
    ids=["es-desk", "es-tablet", "fr-desk"],
)
def test_a_person_gets_from_the_bus_door_to_a_list_of_real_jobs(sign_in, tmp_path, number, language, viewport):
    person, absent, child = CAST[number]
    reception = Officer(sign_in("reception", viewport=viewport, language=language), language)
    desk.load_list(reception, tmp_path, f"ICE {number}", [person, absent])
    page_of_list = reception.page.url
    turn = desk.register_from_list(reception, person)
    desk.check_slip(reception, turn)
    arrival = reception.page.url
    reception.open(page_of_list)
    expect(reception.page.get_by_role("row", name=person.listed)).to_contain_text(reception.say("arrived"))
    expect(reception.page.get_by_role("row", name=absent.listed)).to_contain_text(reception.say("expected"))

    known = desk.find_known(reception, number)
    keys, turn_of_known = desk.register_by_keyboard(reception, known)
    assert keys <= MOST_KEYS
    desk.check_slip(reception, turn_of_known)

    desk.register_alone(reception, child)
    reception.sees("continues with another service")
    assert reception.page.goto("/protection/inbox/").status == 404  # type: ignore[union-attr]

    protection = Officer(sign_in("protection", viewport=viewport, language=language), language)
    take_on(protection, child)

    desk.pass_on(reception, arrival)
    counsellor = Officer(sign_in("counsellor", viewport=viewport, language=language), language)
    counsel.find_person(counsellor, person)
    file = counsellor.page.url
    counsel.assess_needs(counsellor)
    counsellor.open(file)
    counsel.write_profile(counsellor)
    possible = counsel.look_for_openings(counsellor)
    counsel.look_behind_hidden(counsellor)
    counsel.correct_the_pay(counsellor, 12_000)
    assert counsel.count_openings(counsellor) < possible
    titles = counsel.choose(counsellor, 2)
    shortlist = counsellor.page.url
    counsel.introduce(counsellor, person)
    counsellor.open(shortlist)
    address = counsel.print_options(counsellor, titles)

    phone = Officer(sign_in(None, viewport=PHONE, language=language), language)
    counsel.read_on_phone(phone, address, person, titles)

    counsellor.open(file)
    for told in ("Arrival registered", "Services received", "Needs assessed", "Openings looked at together"):
        counsellor.sees(told)
    counsellor.sees("Introduction: %(state)s", state=counsellor.say("Sent", "introduction"))

    coordinator = Officer(sign_in("coordinator", viewport=viewport, language=language), language)
    read_figures(coordinator)

    names = [name for each in (person, absent, child, known) for name in each.names]
    for officer in (reception, protection, counsellor, phone, coordinator):
        officer.never_put_in_an_address(names)


def take_on(protection: Officer, child: Person) -> None:
    """The inbox has the child, with the reason; once taken on they wait no longer."""
    protection.open("/protection/inbox/")
    protection.page.get_by_role("link", name=child.listed).click()
    protection.sees("A child or adolescent without mother, father or guardian")
    protection.press("Take the person on")
    protection.open("/protection/inbox/")
    expect(protection.page.get_by_role("link", name=child.listed)).to_have_count(0)
    protection.open("/protection/inbox/?show=taken")
    expect(protection.page.get_by_role("link", name=child.listed)).to_have_count(1)


def read_figures(coordinator: Officer) -> None:
    """The coordination sees the day and the pilot, and takes figures and the monthly report along."""
    coordinator.open("/")
    coordinator.sees("Today at the bridge")
    coordinator.open("/pilot/?period=today")
    charts = coordinator.page.locator("#figures svg.chart, #figures figure")
    expect(charts.first).to_be_visible()
    table = coordinator.fetch(coordinator.page.get_by_role("link", name="CSV").first.get_attribute("href") or "")
    assert len(table.decode("utf-8-sig").splitlines()) > 1
    for kind, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        coordinator.page.locator(f"input[name=kind][value={kind}]").check()
        with coordinator.page.expect_download() as download:
            coordinator.press("Make the report")
        assert download.value.suggested_filename.endswith(kind)
        assert download.value.path().read_bytes().startswith(start)
