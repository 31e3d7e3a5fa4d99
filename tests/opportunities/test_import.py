import gzip
import json

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import NotNullViolation

from puente.audit.models import Event
from puente.opportunities.models import (
    Employer,
    ImportAlias,
    ImportBatch,
    ImportFile,
    ImportRow,
    Opening,
    TitleDecision,
)
from puente.opportunities.services import imports
from puente.opportunities.services.openings import OpeningFacts, edit_opening, set_open
from puente.opportunities.services.titles import decide_title, set_title_aside
from puente.platform.policy import NotAllowed
from tests.opportunities.boards import COLUMNS, MASON, NOW, WELDER, csv_file, load, make_source, read, xlsx_file

pytestmark = pytest.mark.django_db


def contents():
    """Everything a person could see of the openings."""
    skipped = {"id", "batch_id", "created_at", "updated_at", "updated_by", "held_fields"}
    fields = [field.attname for field in Opening._meta.concrete_fields if field.attname not in skipped]
    return sorted(Opening.objects.values_list(*fields), key=str)


def test_a_file_is_loaded_whole_with_its_report_and_leaves_its_trace(cast):
    batch = load(cast.liaison, make_source(), csv_file(MASON, WELDER, ("3", "", "", "", "", "")))
    assert batch.state == ImportBatch.State.LOADED
    assert {name: batch.counts[name] for name in ("rows", "offers", "rejected", "created")} == {
        "rows": 3, "offers": 2, "rejected": 1, "created": 2,
    }  # fmt: skip
    assert set(Opening.objects.values_list("title", "municipality", "employer__name")) == {
        ("albañil", "16112", "Constructora Bosencheve"), ("soldador", "16112", "Herrería La Fragua"),
    }  # fmt: skip
    assert list(ImportRow.objects.filter(batch=batch).values_list("number", "kind", "reason")) == [
        (4, "rejected", "title_missing")
    ]
    assert not ImportFile.objects.filter(batch=batch).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM opportunities_staged")
        assert cursor.fetchone() == (0,)


def test_the_same_offers_come_from_csv_xlsx_and_gzip(cast):
    source = make_source()
    files = [csv_file(MASON, WELDER), xlsx_file(MASON, WELDER), gzip.compress(csv_file(MASON, WELDER))]
    seen = []
    for content in files:
        load(cast.liaison, source, content)
        seen.append(contents())
    assert seen[0] == seen[1] == seen[2]
    assert Opening.objects.count() == 2


def test_loading_again_updates_what_changed_and_doubles_nothing(cast):
    source = make_source()
    load(cast.liaison, source, csv_file(MASON, WELDER))
    before = dict(Opening.objects.values_list("source_key", "id"))
    dearer = (*MASON[:3], "10500", *MASON[4:])
    again = load(cast.liaison, source, csv_file(dearer, WELDER, ("3", "cocinera", "", "7000", "Michoacán", "Morelia")))
    assert {name: again.counts[name] for name in ("created", "updated", "unchanged")} == {
        "created": 1, "updated": 1, "unchanged": 1,
    }  # fmt: skip
    after = dict(Opening.objects.values_list("source_key", "id"))
    assert before.items() <= after.items()
    assert Opening.objects.get(source_key="1").wage_min == 10500


def test_two_sources_may_use_the_same_numbers(cast):
    load(cast.liaison, make_source("one"), csv_file(MASON))
    load(cast.liaison, make_source("two"), csv_file(MASON))
    assert Opening.objects.count() == 2


boards = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", ""]),
        st.sampled_from(["albañil", "soldador", "alumeros", ""]),
        st.sampled_from(["", "Herrería La Fragua", "HERRERIA LA FRAGUA"]),
        st.sampled_from(["", "9800", "a convenir"]),
        st.sampled_from(["Michoacán", "México", ""]),
        st.sampled_from(["Zitácuaro", "Atizapán", "Benito Juárez", ""]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=boards, second=boards, with_key=st.booleans())
def test_any_board_loaded_twice_is_the_board_loaded_once(cast, first, second, with_key):
    Opening.objects.all().delete()
    columns = COLUMNS if with_key else {name: column for name, column in COLUMNS.items() if name != "key"}
    source = make_source(f"source-{Opening.objects.count()}-{ImportBatch.objects.count()}", columns)
    load(cast.liaison, source, csv_file(*first))
    load(cast.liaison, source, csv_file(*second))
    once = contents()
    again = load(cast.liaison, source, csv_file(*second))
    assert contents() == once
    assert (again.counts["created"], again.counts["updated"]) == (0, 0)
    assert again.counts["unchanged"] == again.counts["offers"]


def test_an_employer_spelled_in_two_ways_is_one(cast):
    other = ("9", "pintor", "CONSTRUCTORA  BOSENCHEVE", "8000", "Michoacán", "Zitácuaro")
    load(cast.liaison, make_source(), csv_file(MASON, other))
    assert list(Employer.objects.values_list("name", flat=True)) == ["Constructora Bosencheve"]


def test_what_a_person_corrected_survives_the_next_import(cast, acting):
    source = make_source()
    load(cast.liaison, source, csv_file(MASON))
    opening = Opening.objects.get()
    with acting(cast.liaison):
        facts = OpeningFacts.of(opening)
        changed = OpeningFacts(**{**facts.__dict__, "municipality_id": "16053"})
        edit_opening(actor=cast.liaison, opening_id=opening.pk, facts=changed, now=NOW)
    load(cast.liaison, source, csv_file((*MASON[:3], "12000", *MASON[4:])))
    opening.refresh_from_db()
    assert (opening.municipality_id, opening.wage_min) == ("16053", 12000)
    assert opening.occupation_state == "confirmed"


def test_an_offer_closed_by_hand_stays_closed(cast, acting):
    source = make_source()
    load(cast.liaison, source, csv_file(MASON))
    with acting(cast.liaison):
        set_open(actor=cast.liaison, opening_id=Opening.objects.get().pk, is_open=False, now=NOW)
    load(cast.liaison, source, csv_file(MASON))
    assert not Opening.objects.get().is_open


def test_a_full_list_closes_what_it_no_longer_has_and_opens_it_when_it_comes_back(cast):
    source = make_source(options={"is_full_list": True})
    load(cast.liaison, source, csv_file(MASON, WELDER))
    gone = load(cast.liaison, source, csv_file(WELDER))
    assert gone.counts["closed"] == 1
    assert list(Opening.objects.filter(is_open=True).values_list("title", flat=True)) == ["soldador"]
    load(cast.liaison, source, csv_file(MASON, WELDER))
    assert Opening.objects.filter(is_open=True).count() == 2


def test_offers_alike_are_shown_and_loaded(cast):
    twin = ("9", *MASON[1:])
    batch = load(cast.liaison, make_source(), csv_file(MASON, twin, WELDER))
    alike = ImportRow.objects.filter(batch=batch, kind="duplicate")
    assert [(row.number, row.text) for row in alike.order_by("number")] == [(2, "albañil ×2"), (3, "albañil ×2")]
    assert Opening.objects.filter(pk__in=alike.values("opening_id")).count() == 2


def test_an_offer_alike_in_another_source_is_shown_too(cast):
    load(cast.liaison, make_source("one"), csv_file(MASON))
    batch = load(cast.liaison, make_source("two"), csv_file(MASON))
    assert ImportRow.objects.filter(batch=batch, kind="duplicate").count() == 1


def test_the_report_lists_every_alias_of_a_place(cast):
    rows = [("1", "albañil", "", "", "Guanajuato", "Silao"), ("2", "albañil", "", "", "Guanajuato", "Silao")]
    batch = load(cast.liaison, make_source(), csv_file(*rows))
    alias = ImportAlias.objects.get(batch=batch)
    assert (alias.written, alias.written_state, alias.municipality_id, alias.offers) == (
        "Silao",
        "Guanajuato",
        "11037",
        2,
    )


def test_a_title_is_decided_once_for_all_its_offers_and_for_later_files(cast, acting):
    source = make_source()
    row = ("5", "Alumeros", "", "9000", "Michoacán", "Morelia")
    load(cast.liaison, source, csv_file(row, ("6", "alumeros", *row[2:])))
    title = TitleDecision.objects.get()
    assert (title.offers, title.two_are_near) == (2, False)
    with acting(cast.liaison):
        assert decide_title(actor=cast.liaison, title_id=title.pk, code="7212", now=NOW) == 2
    again = load(cast.liaison, source, csv_file(row, ("7", "ALUMEROS", *row[2:])))
    assert again.counts["occupation_queued"] == 0
    assert set(Opening.objects.values_list("occupation", "occupation_state")) == {("7212", "confirmed")}


def test_a_title_set_aside_does_not_come_back_into_the_queue(cast, acting):
    source = make_source()
    load(cast.liaison, source, csv_file(("5", "alumeros", "", "", "Michoacán", "Morelia")))
    with acting(cast.liaison):
        set_title_aside(actor=cast.liaison, title_id=TitleDecision.objects.get().pk, now=NOW)
    load(cast.liaison, source, csv_file(("6", "alumeros", "", "", "Michoacán", "Morelia")))
    assert TitleDecision.objects.get().state == "set_aside"


def test_a_dry_run_writes_nothing(cast, acting):
    from puente.opportunities.imports.reading import read_openings_file

    source = make_source()
    with acting(cast.liaison):
        parsed = read_openings_file(csv_file(MASON, WELDER))
        counts = imports.check_file(actor=cast.liaison, source=source, table=parsed, now=NOW)
    assert counts["offers"] == 2
    assert not Opening.objects.exists()
    assert not ImportBatch.objects.exists()


def test_nothing_is_half_loaded_when_the_database_refuses(cast, monkeypatch):
    from puente.opportunities.imports import writing

    monkeypatch.setattr(writing, "find_likeness", lambda draft: None)
    with pytest.raises(NotNullViolation), transaction.atomic():
        load(cast.liaison, make_source(), csv_file(MASON, WELDER))
    assert not Opening.objects.exists()
    assert not Employer.objects.exists()


def test_only_the_job_liaison_may_load(cast):
    source = make_source()
    for role, actor in cast.actors.items():
        if role != "liaison":
            with pytest.raises(NotAllowed):
                load(actor, source, csv_file(MASON))
    assert not ImportBatch.objects.exists()


def test_the_trail_of_an_import_holds_counts_and_no_text(cast, acting):
    batch = load(cast.liaison, make_source(), csv_file(MASON))
    with acting(cast.administrator):
        events = list(Event.objects.filter(record_id=batch.pk).values_list("verb", "detail"))
    assert {verb for verb, _detail in events} == {"import.started", "import.loaded"}
    assert "alba" not in json.dumps(events)


def test_a_key_that_is_too_long_is_still_one_key():
    findings = read(("k" * 500, "albañil"), ("k" * 500, "albañil"), header=("key", "title"))
    assert len(findings.drafts) == 1
    assert len(findings.drafts[0].key) <= 80
