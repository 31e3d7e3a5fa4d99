import csv
import io
import zipfile
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from puente.audit.models import Event
from puente.counselling.models import FollowUp, Outcome
from puente.counselling.selectors.figures import measure_follow_ups
from puente.counselling.services.outcomes import plan_follow_ups
from puente.desk.charts import CHARTS, draw_figures
from puente.desk.models import Pilot
from puente.desk.policies import counting_actor
from puente.desk.selectors.figures import month_of, read_figures, read_period, read_pilot_figures
from puente.desk.selectors.pilots import find_pilot, find_wait_limits
from puente.desk.services.pilots import PilotFacts, save_pilot
from puente.desk.services.reports import make_report
from puente.people.models import Person, PersonOffice
from puente.people.services import record_consents
from puente.platform.commands import execute
from puente.platform.ids import make_id
from puente.platform.policy import NotAllowed, Purpose
from puente.reception.models import Arrival, Stage, StageEvent
from puente.reception.selectors.figures import (
    COUNT_ARRIVALS,
    LIST_ASSISTED,
    MEASURE_WAITS,
    count_arrivals,
    measure_waits,
)
from puente.reception.services.arrivals import REGISTER
from tests.desk.conftest import BACKEND, NAMES
from tests.reception.conftest import build_payload

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Piloto Michoacán", "starts_on": "2026-11-02", "ends_on": "", "states": ["16", "11"], "limit_arrival": "15",
    "limit_needs": "30", "limit_counselling": "45", "limit_journey": "120", "target_assisted": "400",
}  # fmt: skip


GIRL = {"sex": "F", "home_municipality": "08037", "birth": {"year": 2015}}


def sign_in(client, cast, role):
    client.force_login(cast.users[role], backend=BACKEND)


def test_a_coordinator_sets_the_pilot_up_and_changes_it(client, cast, acting):
    sign_in(client, cast, "coordinator")
    assert client.post("/pilot/edit/", FORM).status_code == 302
    assert client.post("/pilot/edit/", FORM | {"target_assisted": "500"}).status_code == 302
    with acting(cast.coordinator):
        assert find_pilot(cast.coordinator, cast.bridge.id).targets == {"assisted": 500}
        assert Pilot.objects.count() == 2
        assert Event.objects.filter(verb="pilot.changed").count() == 2
    assert find_wait_limits(cast.bridge.id)[Stage.ARRIVAL] == 15
    assert "Piloto Michoacán" in client.get("/pilot/").content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"states": []}, "Elija por lo menos un estado"),
        ({"ends_on": "2026-11-01"}, "El último día es anterior al primero"),
        ({"limit_needs": "0"}, "Escriba por lo menos 1 minuto"),
        ({"name": ""}, "Escriba cómo se llama el piloto"),
        ({"target_followed_up": "140"}, "El por ciento llega a 100"),
    ],
)
def test_a_pilot_that_cannot_be_says_what_to_correct_and_is_not_saved(changes, message, client, cast):
    sign_in(client, cast, "coordinator")
    answer = client.post("/pilot/edit/", FORM | changes)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Pilot.objects.exists()


@pytest.mark.parametrize("role", ["analyst", "reception", "counsellor", "liaison", "administrator"])
def test_nobody_else_changes_the_pilot(role, client, cast):
    sign_in(client, cast, role)
    assert client.post("/pilot/edit/", FORM).status_code == 404
    assert not Pilot.objects.exists()


@pytest.mark.parametrize("role", ["reception", "counsellor", "protection", "liaison", "communication", "administrator"])
def test_nobody_else_sees_the_figures(role, client, cast):
    sign_in(client, cast, role)
    assert client.get("/pilot/").status_code == 404
    assert client.get("/pilot/figures/hours.csv").status_code == 404
    assert client.post("/pilot/report/", {"month": f"{timezone.localdate():%Y-%m}", "kind": "pdf"}).status_code == 404


def test_a_version_of_the_pilot_is_never_changed(cast, acting, pilot):
    from django.db import ProgrammingError, transaction

    with acting(cast.coordinator), pytest.raises(ProgrammingError), transaction.atomic():
        Pilot.objects.update(name="Otro")


def test_the_indicators_count_people_of_the_states_once(receive, cast, acting, pilot):
    receive("Güémez")
    receive("Tzintzun")
    receive("Coyotl", identity={"home_municipality": "08037"})
    with acting(cast.analyst):
        figures = read_pilot_figures(cast.analyst, cast.bridge, pilot, timezone.now())
    counts = {value.indicator: value.people for value in figures.values}
    assert counts == {"assisted": 2, "assessed": 0, "planned": 0, "introduced": 0, "hired": 0}
    assert figures.values[0].share == 2 / 40


def test_a_follow_up_counts_as_on_time_for_two_weeks(receive, cast, acting):
    today, now = timezone.localdate(), timezone.now()
    people = [receive(name)["person_id"] for name in NAMES[:4]]
    with acting(cast.counsellor):
        for person in people[:3]:
            record_consents(
                actor=cast.counsellor, person_id=person, office_id=cast.bridge.id, language="spanish",
                means="signature", decisions={"contact_later": "given"}, purpose=Purpose.COUNSELLING, now=now,
            )  # fmt: skip
        for person in people:
            plan_follow_ups(
                actor=cast.counsellor, person_id=person, office_id=cast.bridge.id,
                counted_from=today - timedelta(days=70), now=now,
            )  # fmt: skip
        first = {str(row.person_id): row for row in FollowUp.objects.filter(month=1)}
        for person, days in ((people[0], 10), (people[1], 20)):
            row = first[person]
            due = datetime.combine(row.due_on, datetime.min.time(), ZoneInfo("UTC"))
            Outcome.objects.create(
                follow_up=row, person_id=person, office_id=cast.bridge.id, month=1, work="works", sealed=b"",
                at=due + timedelta(days=days, hours=12), by=cast.counsellor.id,
            )  # fmt: skip
    counting = counting_actor([cast.bridge.id])
    with acting(counting):
        everybody = list(Person.objects.values_list("pk", flat=True))
        months = {row.month: row for row in measure_follow_ups(counting, everybody, today, "America/Ciudad_Juarez")}
    # The fourth said no to calls; the third was never asked.
    assert (months[1].due, months[1].on_time, months[1].late) == (3, 1, 1)
    assert 6 not in months


def test_arrivals_are_counted_by_the_clock_of_the_office(receive, cast, acting):
    receive("Güémez", arrival={"arrived_at": "2026-11-02T06:30:00+00:00"}, identity={"sex": "F"})
    receive(
        "Pech", identity={"birth": {"year": 2016}},
        arrival={"arrived_at": "2026-11-02T17:30:00+00:00", "accompaniment": "minor_with_parent"},
    )  # fmt: skip
    period = month_of(date(2026, 11, 1), cast.bridge)
    counting = counting_actor([cast.bridge.id])
    with acting(counting):
        found = count_arrivals(counting, cast.bridge.id, period.since, period.until, period.zone)
    assert found.total == 2
    assert found.by_day == {date(2026, 11, 1): 1, date(2026, 11, 2): 1}
    assert found.by_hour == {23: 1, 10: 1}
    assert found.by_sex_and_age == {("F", "18+"): 1, ("M", "0-11"): 1}
    assert found.by_state == {"16": 2}
    assert sum(found.by_point.values()) == 2


def test_waits_are_measured_from_entering_a_stage_to_leaving_it(receive, cast, acting):
    start = timezone.now() - timedelta(hours=2)
    ids = [receive(name)["arrival_id"] for name in NAMES]
    with acting(cast.reception):
        rows = {str(row.pk): row for row in Arrival.objects.all()}
    with acting(cast.counsellor):
        for minutes, arrival_id in enumerate(ids, start=1):
            StageEvent.objects.create(
                arrival_id=arrival_id, person_id=rows[arrival_id].person_id, office_id=cast.bridge.id, kind="entered",
                stage="needs", at=start, by=cast.counsellor.id,
            )  # fmt: skip
            StageEvent.objects.create(
                arrival_id=arrival_id, person_id=rows[arrival_id].person_id, office_id=cast.bridge.id, kind="left",
                stage="needs", at=start + timedelta(minutes=10 * minutes), by=cast.counsellor.id,
            )  # fmt: skip
    counting = counting_actor([cast.bridge.id])
    since, until = start - timedelta(days=1), timezone.now() + timedelta(days=1)
    with acting(counting):
        waits = {wait.stage: wait for wait in measure_waits(counting, cast.bridge.id, since, until)}
    assert waits[Stage.NEEDS].people == 10
    assert waits[Stage.NEEDS].median == 55
    assert round(waits[Stage.NEEDS].ninth_decile) == 91


def test_an_analyst_sees_counts_and_no_name(receive, visit, pilot, cast, acting):
    for name in NAMES:
        receive(name)
    page = visit("analyst", "/pilot/").content.decode()
    assert "Piloto Michoacán" in page
    assert not any(name in page for name in NAMES)
    with acting(cast.analyst):
        assert not Person.objects.exists()


def test_counting_leaves_the_reader_as_they_were(receive, cast, acting):
    receive()
    with acting(cast.analyst):
        read_figures(cast.analyst, cast.bridge, read_period("today", cast.bridge, timezone.now()), timezone.now())
        assert not Arrival.objects.exists()


def test_figures_of_another_office_are_not_given(cast, acting):
    period = read_period("", cast.tapachula, timezone.now())
    with acting(cast.analyst), pytest.raises(NotAllowed):
        read_figures(cast.analyst, cast.tapachula, period, timezone.now())


def test_every_chart_says_its_finding_with_and_without_people(receive, cast, acting, client):
    now = timezone.now()
    with acting(cast.coordinator):
        empty = draw_figures(read_figures(cast.coordinator, cast.bridge, read_period("", cast.bridge, now), now))
    receive()
    with acting(cast.coordinator):
        full = draw_figures(read_figures(cast.coordinator, cast.bridge, read_period("", cast.bridge, now), now))
    assert set(empty) == set(full) == set(CHARTS)
    assert str(empty["hours"].title) == "No llegó nadie"
    assert "Michoacán" in str(full["origin"].title)
    assert all(chart.header for chart in full.values())


@pytest.mark.parametrize("name", list(CHARTS))
def test_each_table_can_be_taken_along_and_that_is_noted(name, receive, visit, cast, acting):
    for surname in NAMES[:3]:
        receive(surname)
    answer = visit("analyst", f"/pilot/figures/{name}.csv?period=today")
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) >= 1
    assert not any(surname in text for surname in NAMES)
    assert all(surname not in answer["Content-Disposition"] for surname in NAMES)
    with acting(cast.coordinator):
        assert Event.objects.filter(verb="figures.downloaded", detail__name=name).count() == 1


def test_a_word_that_a_spreadsheet_would_run_is_made_harmless():
    from django.utils.safestring import mark_safe

    from puente.web.charts import Chart

    text = Chart("", mark_safe(""), ("=1+1", "@x"), [("+52", -3), ("-a", None)]).write_csv()
    assert list(csv.reader(io.StringIO(text))) == [["'=1+1", "'@x"], ["'+52", "-3"], ["'-a", ""]]


def test_an_unknown_table_is_not_found(visit):
    assert visit("analyst", "/pilot/figures/people.csv").status_code == 404


def read_sheets(content):
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_the_report_holds_no_name_and_no_small_number(receive, visit, client, pilot, cast, acting):
    for surname in NAMES:
        receive(surname)
    receive("Pech", identity=GIRL, arrival={"accompaniment": "minor_with_parent"})
    sign_in(client, cast, "analyst")
    month = f"{timezone.localdate():%Y-%m}"
    paper = client.post("/pilot/report/", {"month": month, "kind": "pdf"})
    assert paper["Content-Type"] == "application/pdf"
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "Informe mensual" in text
    assert "Piloto Michoacán" in text
    book = client.post("/pilot/report/", {"month": month, "kind": "xlsx"})
    sheets = read_sheets(book.content)
    for surname in NAMES:
        assert surname not in text
        assert surname not in sheets
    assert "<f>" not in sheets
    # The one girl from Chihuahua is nowhere to be told: her state is among the others.
    assert "Chihuahua\n1" not in text
    with acting(cast.coordinator):
        assert Event.objects.filter(verb="report.made").count() == 2


def test_the_report_hides_what_would_give_the_one_girl_away(receive, cast, acting):
    from puente.desk.report import HIDDEN, build_report

    for surname in NAMES:
        receive(surname)
    receive("Pech", identity=GIRL, arrival={"accompaniment": "minor_with_parent"})
    now = timezone.now()
    with acting(cast.coordinator):
        period = month_of(timezone.localdate(), cast.bridge)
        report = build_report(cast.bridge, read_figures(cast.coordinator, cast.bridge, period, now), None, None)
    by_sex = report.tables[0]
    assert 1 not in [value for row in by_sex.rows for value in row]
    assert HIDDEN in by_sex.rows[0]
    states = dict(row[:2] for row in report.tables[2].rows)
    assert "Chihuahua" not in states
    assert states["Total"] == 11
    assert all(value == HIDDEN or value == "" or value >= 5 for table in report.tables for row in table.rows
               for value in row[1:])  # fmt: skip


def test_a_report_asks_for_a_month_that_exists(client, cast):
    sign_in(client, cast, "analyst")
    answer = client.post("/pilot/report/", {"month": "2031-01", "kind": "pdf"})
    assert answer.status_code == 422
    month = month_of(timezone.localdate(), cast.bridge)
    with pytest.raises(NotAllowed):
        make_report(actor=cast.counsellor, office=cast.bridge, month=month, kind="pdf", now=timezone.now())


def test_the_number_of_queries_does_not_grow_with_the_people(receive, client, cast, pilot):
    sign_in(client, cast, "coordinator")
    receive(NAMES[0])
    client.get("/pilot/")
    with CaptureQueriesContext(connection) as one:
        client.get("/pilot/")
    for name in NAMES[1:]:
        receive(name)
    with CaptureQueriesContext(connection) as many:
        client.get("/pilot/")
    assert len(many) == len(one)


def explain(actor, acting, sql, values):
    with acting(actor), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == "puente_app"
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(row[0] for row in cursor.fetchall())


def fill_years(cast, acting, arrival_id):
    """Make some years of arrivals, so that reading all of an office's costs more than reading a month's."""
    with acting(cast.reception):
        known = Arrival.objects.get(pk=arrival_id)
        Arrival.objects.bulk_create(
            Arrival(
                person_id=known.person_id, office_id=known.office_id, point_id=known.point_id, mode="land",
                arrived_at=known.arrived_at - timedelta(days=day), handed_over_by="ice", accompaniment="adult_alone",
                turn_day=timezone.localdate() - timedelta(days=day), turn_number=number, code=f"{day}-{number}",
                registered_at=known.registered_at, registered_by=known.registered_by,
            )
            for day in range(40, 1000, 4)
            for number in range(1, 13)
        )  # fmt: skip


def test_a_month_is_read_through_the_index_of_the_office(receive, cast, acting):
    fill_years(cast, acting, receive()["arrival_id"])
    period = month_of(timezone.localdate(), cast.bridge)
    values = {"office": cast.bridge.id, "since": period.since, "until": period.until, "zone": period.zone}
    counting = counting_actor([cast.bridge.id])
    assert "arrivals_of_office" in explain(counting, acting, COUNT_ARRIVALS, values)
    assert "arrivals_of_office" in explain(counting, acting, MEASURE_WAITS, values)
    assert "arrivals_of_office" in explain(counting, acting, LIST_ASSISTED, values | {"states": ["16"]})


def test_a_pilot_of_no_state_is_refused_by_the_database(cast, acting):
    from django.db import IntegrityError, transaction

    facts = PilotFacts("Piloto", (), timezone.localdate(), None, {}, {})
    with acting(cast.coordinator), pytest.raises(IntegrityError), transaction.atomic():
        save_pilot(actor=cast.coordinator, office_id=cast.bridge.id, facts=facts, now=timezone.now())


def test_the_counting_actor_serves_one_office_alone(receive, cast, acting):
    receive()
    with acting(counting_actor([cast.tapachula.id])):
        assert not PersonOffice.objects.exists()
        assert not Arrival.objects.exists()


def test_figures_count_the_arrivals_of_their_own_office_alone(receive, cast, acting, pilot):
    receive("Güémez")
    with acting(cast.far_reception):
        payload = build_payload(cast.tapachula.id, arrival={"point": "tapachula"})
        execute(actor=cast.far_reception, name=REGISTER, command_id=make_id(), payload=payload)
    now = timezone.now()
    with acting(cast.analyst):
        figures = read_figures(cast.analyst, cast.bridge, read_period("today", cast.bridge, now), now)
        standing = read_pilot_figures(cast.analyst, cast.bridge, pilot, now)
    assert figures.arrivals.total == sum(figures.arrivals.by_state.values()) == 1
    assert standing.values[0].people == 1
