"""The pages of the audit: what is told to whom, in words, and never a name of a returned person."""

import json
import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from puente.audit.models import Alert, AlertReview, Event, Head
from puente.audit.services import raise_alert
from puente.audit.services.chain import check_chains, keep_verification, take_heads
from puente.engines.audit_chain import Finding, Kind
from puente.people.models import Person
from puente.people.pseudonyms import reference_of
from puente.people.services import open_person, reserve_person
from puente.platform.ids import make_id
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from tests.audit.conftest import link_now, record
from tests.protection.conftest import person, step_up

pytestmark = pytest.mark.django_db
__all__ = ["person"]


def read(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def open_as(actor, opened, purpose=Purpose.RECEPTION):
    with acting_as(actor):
        open_person(actor=actor, person_id=opened.pk, purpose=purpose, now=timezone.now())


def test_the_page_tells_who_did_what_and_a_reference_instead_of_a_name(visit, cast, person):
    open_as(cast.reception, person)
    page = read(visit("administrator", "/audit/"))
    assert "Opened the file" in page
    assert "Reception" in page
    assert reference_of(person.pk) in page
    assert "Xicale" not in page


@pytest.mark.parametrize("path", ["/audit/", "/audit/heads/", "/audit/alerts/", "/audit/canaries/"])
@pytest.mark.parametrize("role", ["reception", "counsellor", "protection", "liaison", "analyst"])
def test_who_oversees_nothing_gets_what_an_unknown_page_gives(visit, cast, role, path):
    assert visit(role, path).status_code == 404


def test_events_of_another_office_are_not_told(visit, cast):
    record(cast.far_reception, person_id=make_id())
    assert "Far reception" not in read(visit("administrator", "/audit/"))


def test_filters_keep_what_was_asked_for(visit, cast, person):
    open_as(cast.reception, person)
    record(cast.counsellor, "person.corrected", person_id=make_id(), purpose=Purpose.COUNSELLING)
    today = timezone.localdate()
    rows = {
        f"?staff={cast.counsellor.id}": 1,
        "?verb=person.opened": 1,
        f"?person={person.pk}": 2,
        f"?person={reference_of(person.pk).lower()}": 2,
        f"?day={today:%Y-%m-%d}&verb=person.registered": 1,
        "?day=2020-01-01&verb=person.registered": 0,
    }
    for query, number in rows.items():
        assert read(visit("administrator", f"/audit/{query}")).count("<time") == number, query


def test_a_wrong_filter_says_what_to_change_and_shows_nothing(visit, cast, person):
    answer = visit("administrator", "/audit/?person=ZZZZ-ZZZZ&day=yesterday")
    assert answer.status_code == 422
    page = read(answer)
    assert "Compare its eight letters and digits" in page
    assert "Write the day as 2026-11-23" in page
    assert "<time" not in page


def test_what_is_done_with_a_reserved_person_is_told_to_who_has_the_clearance(visit, cast, person):
    officer = step_up(cast.protection)
    with acting_as(officer):
        reserve_person(
            actor=officer, person_id=person.pk, office_id=cast.bridge.pk, assigned_to=officer.id, now=timezone.now()
        )
        open_person(actor=officer, person_id=person.pk, purpose=Purpose.PROTECTION, now=timezone.now())
    for role, told in (("coordinator", False), ("administrator", False), ("supervisor", True)):
        page = read(visit(role, "/audit/?"))
        assert ("Protection" in re.findall(r"<tbody>.*</tbody>", page)[0]) is told, role
        with acting_as(cast.actors[role]):
            assert Event.objects.filter(sensitivity__gte=3).exists() is told, role


def test_the_list_costs_the_same_number_of_queries_at_any_length(visit, cast):
    def count():
        with CaptureQueriesContext(connection) as queries:
            visit("administrator", "/audit/")
        return len(queries)

    record(cast.reception, person_id=make_id())
    few = count()
    for _ in range(20):
        record(cast.counsellor, person_id=make_id())
    assert count() == few


def test_lists_are_read_by_an_index(cast):
    from puente.audit.selectors import EventFilter, list_events

    wanted = [
        EventFilter(), EventFilter(verb="person.opened"), EventFilter(actor_id=cast.reception.id),
        EventFilter(person_id=make_id()), EventFilter(day=timezone.localdate()),
    ]  # fmt: skip
    with acting_as(cast.administrator), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for one in wanted:
            plan = list_events(cast.administrator, one).order_by("-at", "id")[:25].explain()
            assert "Seq Scan on audit_event" not in plan, plan


def test_a_head_is_signed_shown_with_its_code_and_taken_along(visit, send, cast):
    record(cast.reception)
    link_now()
    assert "No head yet" in read(visit("coordinator", "/audit/heads/"))
    assert send("coordinator", "/audit/heads/take/").status_code == 302
    with acting_as(cast.coordinator):
        head = Head.objects.get()
    sheet = read(visit("coordinator", f"/audit/heads/{head.pk}/"))
    assert "<svg" in sheet
    assert bytes(head.hash).hex() in sheet
    file = visit("coordinator", f"/audit/heads/{head.pk}.json")
    assert "attachment" in file["Content-Disposition"]
    assert json.loads(file.content)["heads"][0]["seq"] == 1
    for role in ("reception", "analyst"):
        assert visit(role, f"/audit/heads/{head.pk}/").status_code == 404


def test_a_head_of_another_office_is_unknown(visit, cast):
    record(cast.far_reception)
    link_now()
    (head,) = take_heads(now=timezone.now())
    assert visit("coordinator", f"/audit/heads/{head.pk}.json").status_code == 404


def test_the_page_says_what_the_last_check_found(visit, cast):
    record(cast.reception)
    link_now()
    assert "Nothing was checked yet" in read(visit("coordinator", "/audit/heads/"))
    link_now()
    keep_verification(checked=check_chains(), now=timezone.now())
    assert "Nothing was changed" in read(visit("coordinator", "/audit/heads/"))
    broken = Finding(Kind.REWRITTEN, str(cast.bridge.pk), 3, None, 9)
    elsewhere = Finding(Kind.DELETED, str(cast.tapachula.pk), 77)
    checked = check_chains()
    object.__setattr__(checked, "findings", [broken, elsewhere])
    keep_verification(checked=checked, now=timezone.now())
    page = read(visit("coordinator", "/audit/heads/"))
    assert "between event 3 and event 9" in page
    assert "77" not in page


def test_an_alert_is_reviewed_by_somebody_else_and_leaves_today(visit, send, cast, person):
    event = record(cast.counsellor, person_id=person.pk)
    with acting_as(cast.counsellor):
        raise_alert(actor=cast.counsellor, kind=Alert.Kind.OPEN_BUDGET, event=event)
        assert not Alert.objects.exists(), "whoever sets an alert off does not see it"
    with acting_as(cast.coordinator):
        alert = Alert.objects.get()
    assert "1 alert waits for a review" in read(visit("coordinator", "/"))
    assert "alert waits" not in read(visit("counsellor", "/"))
    page = read(visit("coordinator", "/audit/alerts/"))
    assert "Too many files opened" in page
    assert reference_of(person.pk) in page
    assert send("coordinator", f"/audit/alerts/{alert.pk}/review/", outcome="").status_code == 302
    assert send("coordinator", f"/audit/alerts/{alert.pk}/review/", outcome="misuse").status_code == 302
    send("administrator", f"/audit/alerts/{alert.pk}/review/", outcome="explained")
    with acting_as(cast.coordinator):
        review = AlertReview.objects.get()
    assert (review.by, review.outcome) == (cast.coordinator.id, "misuse")
    assert "No alert waits" in read(visit("coordinator", "/audit/alerts/"))
    assert "Misuse; passed on" in read(visit("coordinator", "/audit/alerts/?show=all"))
    assert "alert waits" not in read(visit("coordinator", "/"))


def test_nobody_reviews_an_alert_of_their_own(visit, send, cast):
    with acting_as(cast.coordinator):
        raise_alert(actor=cast.coordinator, kind=Alert.Kind.BREAK_GLASS)
        alert = Alert.objects.get()
    assert "Somebody else reviews it" in read(visit("coordinator", "/audit/alerts/"))
    assert send("coordinator", f"/audit/alerts/{alert.pk}/review/", outcome="explained").status_code == 404
    with acting_as(cast.coordinator):
        assert not AlertReview.objects.exists()


def test_whom_an_alert_is_about_is_told_only_with_the_clearance(visit, cast, person):
    Person.objects.filter(pk=person.pk)
    officer = step_up(cast.protection)
    with acting_as(officer):
        reserve_person(
            actor=officer, person_id=person.pk, office_id=cast.bridge.pk, assigned_to=officer.id, now=timezone.now()
        )
    event = record(officer, person_id=person.pk, purpose=Purpose.PROTECTION)
    with acting_as(officer):
        raise_alert(actor=officer, kind=Alert.Kind.BREAK_GLASS, event=event)
    for role, told in (("coordinator", False), ("supervisor", True)):
        page = read(visit(role, "/audit/alerts/"))
        assert "A file was opened in an emergency" in page
        assert (reference_of(person.pk) in page) is told


def test_many_refusals_in_an_hour_raise_one_alert(visit, cast):
    for _ in range(11):
        visit("reception", "/audit/")
    with acting_as(cast.administrator):
        assert not Alert.objects.exists()
    visit("reception", "/audit/")
    visit("reception", "/audit/")
    with acting_as(cast.administrator):
        alert = Alert.objects.get()
    assert (alert.kind, alert.actor_id, alert.detail) == ("refusals", cast.reception.id, {"refusals": 12})


def test_the_owner_sees_who_opened_a_file_and_others_do_not(visit, cast, person):
    open_as(cast.counsellor, person, Purpose.COUNSELLING)
    page = read(visit("coordinator", f"/person/{person.pk}/"))
    panel = page[page.index('id="openings-title"') :]
    assert "Counsellor" in panel
    assert "counselling" in panel
    assert 'id="openings-title"' not in read(visit("reception", f"/person/{person.pk}/"))


def test_an_opening_by_another_office_is_told_to_the_office_that_serves_the_person(visit, cast, person):
    from puente.people.services import receive_person

    with acting_as(cast.far_reception):
        receive_person(actor=cast.far_reception, person_id=person.pk, office_id=cast.tapachula.pk, now=timezone.now())
    open_as(cast.far_counsellor, person, Purpose.COUNSELLING)
    page = read(visit("coordinator", f"/person/{person.pk}/"))
    assert "Far counsellor" in page[page.index('id="openings-title"') :]


def test_who_is_in_charge_of_a_reserved_person_sees_who_opened_it(cast, person):
    from puente.audit.selectors import list_openings

    officer = step_up(cast.protection)
    with acting_as(officer):
        reserve_person(
            actor=officer, person_id=person.pk, office_id=cast.bridge.pk, assigned_to=officer.id, now=timezone.now()
        )
    supervisor = step_up(cast.supervisor)
    record(supervisor, person_id=person.pk, purpose=Purpose.PROTECTION)
    with acting_as(officer):
        assert [opening.actor_id for opening in list_openings(officer, person_id=person.pk)] == [supervisor.id]
    with acting_as(cast.coordinator):
        assert list_openings(cast.coordinator, person_id=person.pk) == []
    with acting_as(officer), pytest.raises(ValueError, match="which record"):
        list_openings(officer)


def test_an_id_that_is_none_is_read_as_a_reference(visit, cast):
    assert visit("administrator", f"/audit/?person={UUID(int=5)}").status_code == 200
