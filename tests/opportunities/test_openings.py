from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from puente.audit.models import Event
from puente.opportunities.models import Employer, EmployerNote, Opening, TitleDecision
from puente.opportunities.selectors import openings as selectors
from puente.opportunities.services.employers import EmployerFacts, create_employer, edit_employer, judge_employer
from puente.opportunities.services.openings import (
    InvalidOpening,
    OpeningFacts,
    create_opening,
    edit_opening,
    fill_places,
    set_open,
)
from puente.platform.policy import NotAllowed
from tests.opportunities.boards import MASON, NOW, TODAY, csv_file, load, make_source

pytestmark = pytest.mark.django_db
FACTS = OpeningFacts(
    kind="vacancy", title="Oficial albañil", valid_from=TODAY, municipality_id="16112", occupation_id="7121",
    wage_min=Decimal(9800), starts_at=time(22), ends_at=time(6), weekdays=0b1000001,
)  # fmt: skip


@pytest.fixture
def desk(cast, acting):
    with acting(cast.liaison):
        yield cast


def create(cast, **changes):
    return create_opening(actor=cast.liaison, facts=replace(FACTS, **changes), now=NOW)


def test_an_opening_knows_its_state_its_nights_and_its_sundays(desk):
    opening = create(desk)
    opening.refresh_from_db()
    assert (opening.state_id, opening.works_nights, opening.works_sundays) == ("16", True, True)
    assert opening.occupation_state == "confirmed"
    assert Event.objects.filter(verb="opening.created", record_id=opening.pk).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"age_min": 18, "age_max": 35}, "age_ground"),
        ({"age_min": 18, "age_ground": "  "}, "age_ground"),
        ({"age_min": 40, "age_max": 35, "age_ground": "una ley"}, "age_max"),
        ({"wage_max": Decimal(9000)}, "wage_max"),
        ({"municipality_id": None}, "municipality"),
        ({"municipality_id": "99999"}, "municipality"),
        ({"state_id": "08"}, "municipality"),
        ({"valid_until": date(2026, 1, 1)}, "valid_until"),
        ({"title": "¡!"}, "title"),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(desk, changes, field):
    with pytest.raises(InvalidOpening) as refused:
        create(desk, **changes)
    assert refused.value.field == field
    assert not Opening.objects.exists()


def test_the_database_itself_refuses_an_age_without_a_law(desk):
    opening = create(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.filter(pk=opening.pk).update(age_min=18)


def test_an_opening_without_an_occupation_queues_its_title(desk):
    create(desk, occupation_id=None, title="Alumeros")
    title = TitleDecision.objects.get()
    assert (title.title_key, title.offers) == ("alumeros", 1)


def test_a_change_names_what_changed_and_a_change_of_nothing_leaves_no_trace(desk):
    opening = create(desk)
    facts = OpeningFacts.of(opening)
    edit_opening(actor=desk.liaison, opening_id=opening.pk, facts=facts, now=NOW)
    edit_opening(actor=desk.liaison, opening_id=opening.pk, facts=replace(facts, english=3), now=NOW)
    events = Event.objects.filter(verb="opening.changed", record_id=opening.pk)
    assert [event.detail for event in events] == [{"changed": ["english"]}]


def test_an_expired_opening_is_not_opened_without_a_new_last_day(desk):
    opening = create(desk, valid_from=date(2026, 1, 1), valid_until=date(2026, 2, 1))
    with pytest.raises(InvalidOpening, match=r"last day|último día|dernier jour"):
        set_open(actor=desk.liaison, opening_id=opening.pk, is_open=True, now=NOW)


def test_filled_places_never_pass_the_places_there_are(desk, acting):
    opening = create(desk, places=3)
    with acting(desk.counsellor):
        assert fill_places(actor=desk.counsellor, opening_id=opening.pk) == 2
        assert fill_places(actor=desk.counsellor, opening_id=opening.pk, number=9) == 0
        assert fill_places(actor=desk.counsellor, opening_id=opening.pk, number=-1) == 1


def test_only_the_job_liaison_writes_and_counsellors_read(cast, acting):
    with acting(cast.liaison):
        opening = create(cast)
    for role in set(cast.actors) - {"liaison"}:
        actor = cast.actors[role]
        with acting(actor):
            with pytest.raises(NotAllowed):
                create_opening(actor=actor, facts=FACTS, now=NOW)
            with pytest.raises(NotAllowed):
                set_open(actor=actor, opening_id=opening.pk, is_open=False, now=NOW)
    readers = {role for role, actor in cast.actors.items() if _may_read(actor, opening)}
    assert readers == {"counsellor", "far_counsellor", "liaison", "coordinator", "analyst"}


def _may_read(actor, opening):
    try:
        return selectors.get_opening(actor, opening.pk) == opening
    except NotAllowed:
        return False


def test_a_list_is_narrowed_by_each_filter(desk):
    employer = create_employer(actor=desk.liaison, facts=EmployerFacts("Construcciones Güémez"), now=NOW)
    ours = create(desk, employer_id=employer.pk)
    course = create(desk, kind="course", title="Curso de soldadura", municipality_id="08037")
    placeless = create(desk, title="Vendedora", municipality_id=None, state_id="16", occupation_id=None)
    expired = create(desk, valid_from=date(2025, 1, 1), valid_until=date(2025, 2, 1))
    closed = create(desk)
    set_open(actor=desk.liaison, opening_id=closed.pk, is_open=False, now=NOW)

    def found(**wanted):
        return set(selectors.list_openings(desk.liaison, selectors.OpeningFilter(**wanted), TODAY))

    assert found() == {ours, course, placeless}
    assert found(standing="closed") == {expired, closed}
    assert found(kind="course") == {course}
    assert found(state="16") == {ours, placeless}
    assert found(lacking="municipality") == found(lacking="occupation") == {placeless}
    assert found(words="guemez ALBANIL") == {ours}
    assert found(words="100%") == set()
    counts = selectors.count_openings(desk.liaison, TODAY)
    assert (counts["open"], counts["closed"], counts["course"], counts["municipality"]) == (3, 2, 1, 1)


def test_openings_alike_find_each_other(desk):
    first, second, other = create(desk), create(desk, title="OFICIAL  ALBAÑIL"), create(desk, wage_min=Decimal(9900))
    assert selectors.find_alike(desk.liaison, first) == [second]
    assert selectors.find_alike(desk.liaison, other) == []


def test_a_renamed_employer_is_found_by_the_new_name_with_its_openings(desk):
    employer = create_employer(actor=desk.liaison, facts=EmployerFacts("Aceros del Oriente"), now=NOW)
    opening = create(desk, employer_id=employer.pk)
    edit_employer(actor=desk.liaison, employer_id=employer.pk, facts=EmployerFacts("Metales Nevárez"))
    found = selectors.list_openings(desk.liaison, selectors.OpeningFilter(words="metales nevarez"), TODAY)
    assert list(found) == [opening]


def test_two_employers_of_one_name_are_refused_however_it_is_spelled(desk):
    create_employer(actor=desk.liaison, facts=EmployerFacts("Herrería La Fragua"), now=NOW)
    with pytest.raises(InvalidOpening):
        create_employer(actor=desk.liaison, facts=EmployerFacts("HERRERIA  la fragua"), now=NOW)


def test_trust_is_noted_in_order_and_never_rewritten(desk):
    employer = create_employer(actor=desk.liaison, facts=EmployerFacts("Herrería La Fragua"), now=NOW)
    judge_employer(actor=desk.liaison, employer_id=employer.pk, trust="checked", text="Visitada.", now=NOW)
    judge_employer(
        actor=desk.liaison, employer_id=employer.pk, trust="avoid", text="Retiene papeles.", now=timezone.now()
    )
    assert Employer.objects.get().trust == "avoid"
    assert EmployerNote.objects.count() == 2
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        EmployerNote.objects.update(text="otra cosa")


def test_openings_are_got_by_their_ids_in_one_query(cast, acting, django_assert_num_queries):
    load(cast.liaison, make_source(), csv_file(MASON, ("2", *MASON[1:])))
    ids = list(Opening.objects.values_list("pk", flat=True))
    with acting(cast.counsellor), django_assert_num_queries(1):
        shown = selectors.get_openings(cast.counsellor, ids)
        assert {str(opening.municipality) for opening in shown.values()} == {"Zitácuaro, Mich."}
        assert {opening.employer.name for opening in shown.values()} == {"Constructora Bosencheve"}
