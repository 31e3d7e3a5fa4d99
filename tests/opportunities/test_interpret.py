import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puente.opportunities.imports.drafts import REASONS
from puente.opportunities.imports.interpret import find_likeness
from puente.opportunities.imports.mapping import FIELDS, Mapping, Options, WrongMapping, guess_columns
from tests.opportunities.boards import COLUMNS, HEADER, MASON, TODAY, WELDER, read


def reasons(findings):
    return [(issue.number, issue.kind, issue.reason) for issue in findings.issues]


def one(**cells):
    """Read one row of a mason with more columns; returns its draft and its reasons."""
    said = {"key": "1", "title": "albañil", "state": "Michoacán", "municipality": "Zitácuaro"} | cells
    findings = read(tuple(said.values()), header=tuple(said))
    return (findings.drafts or [None])[0], [issue.reason for issue in findings.issues]


def test_a_row_becomes_an_offer_with_its_municipality_and_a_suggested_occupation():
    findings = read(MASON, WELDER, columns=COLUMNS)
    assert reasons(findings) == []
    mason, welder = findings.drafts
    assert (mason.municipality, mason.state, mason.wage_min) == ("16112", "16", 9800)
    assert (mason.occupation, mason.occupation_state) == ("7121", "suggested")
    assert welder.occupation == "7212"


@pytest.mark.parametrize(
    ("state", "municipality", "reason"),
    [
        ("México", "Atizapán", "homonyms"),
        ("", "Benito Juárez", "homonyms"),
        ("Michoacán", "Ciudad Gótica", "name_unknown"),
        ("Atlántida", "Zitácuaro", "state_unknown"),
        ("Michoacán", "Juárez, Chih.", "state_contradicted"),
        ("Michoacán", "", "place_missing"),
    ],
)
def test_a_place_that_is_not_certain_is_left_open_and_reported(state, municipality, reason):
    draft, found = one(state=state, municipality=municipality)
    assert draft.municipality is None
    assert found == [reason]


def test_the_state_is_kept_where_only_the_municipality_is_not_certain():
    draft, _found = one(state="México", municipality="Atizapán")
    assert draft.state == "15"


def test_an_offer_done_from_home_needs_no_municipality():
    draft, found = one(municipality="", remote="sí")
    assert draft.is_remote
    assert found == []


def test_every_other_name_of_a_place_is_counted():
    rows = [(str(n), "albañil", "", "", "Guanajuato", "Silao") for n in range(3)]
    findings = read(*rows, columns=COLUMNS)
    assert [(written, state, alias.code, offers) for (written, state, alias), offers in findings.aliases.items()] == [
        ("Silao", "Guanajuato", "11037", 3)
    ]


def test_another_name_of_a_state_is_counted_too():
    findings = read(("1", "albañil", "", "", "Edomex", "Toluca"), columns=COLUMNS)
    assert findings.drafts[0].municipality == "15106"
    assert [(state, alias.code) for (_written, state, alias) in findings.aliases] == [("Edomex", "15")]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"title": ""}, "title_missing"),
        ({"title": "…"}, "title_missing"),
        ({"title": "x" * 201}, "title_too_long"),
        ({"key": ""}, "key_missing"),
        ({"kind": "beca"}, "kind_unknown"),
    ],
)
def test_a_row_that_can_be_no_offer_is_rejected_with_its_reason(cells, reason):
    draft, found = one(**cells)
    assert draft is None
    assert found == [reason]


def test_a_number_that_stands_twice_is_taken_once():
    findings = read(MASON, MASON, columns=COLUMNS)
    assert len(findings.drafts) == 1
    assert reasons(findings) == [(3, "rejected", "key_repeated")]


@pytest.mark.parametrize(
    ("cells", "reason", "field", "value"),
    [
        ({"wage_min": "a convenir"}, "wage_unreadable", "wage_min", None),
        ({"wage_min": "0"}, "wage_unreadable", "wage_min", None),
        ({"wage_min": "1e400"}, "wage_unreadable", "wage_min", None),
        ({"wage_min": "9000", "wage_max": "8000"}, "wage_reversed", "wage_max", None),
        ({"valid_from": "ayer"}, "day_unreadable", "valid_from", TODAY),
        ({"starts_at": "temprano"}, "hour_unreadable", "starts_at", None),
        ({"starts_at": "800", "ends_at": "600"}, "shift_too_long", "starts_at", None),
        ({"sunday": "a veces"}, "answer_unreadable", "weekdays", 0),
        ({"places": "muchas"}, "number_unreadable", "places", 1),
        ({"licences": "licencia de piloto"}, "requirement_unknown", "licences", []),
        ({"schooling": "la de la vida"}, "requirement_unknown", "schooling", 0),
        ({"occupation": "0000"}, "occupation_unknown", "occupation", "7121"),
        ({"age_min": "18", "age_max": "35"}, "age_without_law", "age_max", None),
    ],
)
def test_a_cell_that_cannot_be_read_is_left_out_and_noted(cells, reason, field, value):
    draft, found = one(**cells)
    assert reason in found
    assert getattr(draft, field) == value


def test_an_age_stands_with_the_law_that_asks_for_it():
    draft, found = one(age_min="18", age_ground="Ley Federal del Trabajo, artículo 175")
    assert (draft.age_min, found) == (18, [])


def test_requirements_are_read_by_their_names():
    draft, found = one(licences="Licencia de chofer; montacargas de siempre", schooling="Secundaria", english="b1",
                       languages="Náhuatl, maya", documents="CURP", physical="standing")  # fmt: skip
    assert (draft.licences, draft.schooling, draft.english) == (["mx_driver"], 4, 3)
    assert (draft.languages, draft.documents, draft.physical) == (["nahuatl", "maya"], ["curp"], ["standing"])
    assert found == ["requirement_unknown"]


def test_wages_of_other_periods_become_pesos_a_month():
    rows = [("1", "albañil", "", "2000", "Michoacán", "Zitácuaro")]
    month = {
        period: read(*rows, columns=COLUMNS, options=Options(wage_period=period)).drafts[0].wage_min
        for period in ("month", "fortnight", "week", "day")
    }
    assert month == {"month": 2000, "fortnight": 4000, "week": 8685.71, "day": 60800}


def test_the_hours_of_a_week_come_from_the_day_and_the_days():
    draft, _found = one(starts_at="900", ends_at="1800", monday="1", tuesday="1", saturday="x")
    assert (draft.hours_a_week, draft.weekdays) == (27, 0b100011)


def test_a_title_without_an_occupation_is_queued_and_a_decided_one_is_confirmed():
    row = ("1", "alumeros", "", "", "Michoacán", "Zitácuaro")
    assert reasons(read(row, columns=COLUMNS)) == [(2, "unresolved", "occupation_queued")]
    decided = read(row, columns=COLUMNS, decisions={"alumeros": "7212"}).drafts[0]
    assert (decided.occupation, decided.occupation_state) == ("7212", "confirmed")


def test_the_last_day_follows_the_rule_of_the_source():
    row = ("1", "albañil", "2018-08-01")
    header = ("key", "title", "valid_from")

    def last_day(**rule):
        return read(row, header=header, options=Options(**rule)).drafts[0].valid_until.isoformat()

    assert read(row, header=header).drafts[0].valid_until is None
    assert last_day(open_days=30) == "2018-08-31"
    assert last_day(open_days_from_import=180) == "2027-05-22"
    assert last_day(open_until=TODAY) == TODAY.isoformat()


def test_a_file_that_lacks_a_mapped_column_says_which():
    with pytest.raises(WrongMapping, match="renombrada"):
        Mapping({"title": "renombrada"}).find_positions(HEADER)
    with pytest.raises(WrongMapping) as wrong:
        Mapping({"key": "folio"}).find_positions(HEADER)
    assert wrong.value.field == "title"


def test_columns_are_guessed_by_the_names_they_usually_bear():
    assert guess_columns(HEADER) == COLUMNS
    assert guess_columns(("Job Title", "City", "Salary", "State"))["wage_min"] == "Salary"


def test_options_come_back_from_the_database_as_they_were():
    options = Options(wage_period="week", open_until=TODAY, is_full_list=True)
    assert Options.from_json(options.to_json()) == options
    with pytest.raises(WrongMapping):
        Options.from_json({"wage_period": "century"})


cells = st.text(max_size=25) | st.sampled_from(
    ["", "1", "800", "albañil", "Benito Juárez", "México", "=1+1", "2018-08-01"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(*[cells] * len(FIELDS)), max_size=5))
def test_whatever_stands_in_a_file_each_row_is_an_offer_or_a_reason(rows):
    findings = read(*rows, header=tuple(FIELDS))
    rejected = [issue for issue in findings.issues if issue.kind == "rejected"]
    assert len(findings.drafts) + len(rejected) == findings.rows == len(rows)
    assert {issue.reason for issue in findings.issues} <= set(REASONS)
    assert len({draft.key for draft in findings.drafts}) == len(findings.drafts)
    for draft in findings.drafts:
        assert draft.municipality is None or draft.municipality.startswith(draft.state)
        assert (draft.age_min is None and draft.age_max is None) or draft.age_ground
        assert (draft.occupation is None) == (draft.occupation_state == "queued")


@given(st.permutations(range(4)))
def test_offers_without_numbers_keep_their_keys_when_others_move_around_them(order):
    header = ("title", "state", "municipality")
    rows = [(title, "Michoacán", "Zitácuaro") for title in ("albañil", "albañil", "soldador", "cocinero")]
    before = {draft.key for draft in read(*rows, header=header).drafts}
    assert {draft.key for draft in read(*(rows[at] for at in order), header=header).drafts} == before


def test_offers_alike_in_employer_title_place_and_wage_share_a_number():
    again = ("9", "ALBAÑIL ", "constructora bosencheve", "$9,800", "Mich.", "Heroica Zitácuaro")
    mason, same, other = read(MASON, again, WELDER, columns=COLUMNS).drafts
    assert find_likeness(mason) == find_likeness(same) != find_likeness(other)
