import re
from itertools import pairwise

import pytest
from defusedxml import ElementTree
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from puente.web.charts import Series, draw_bars, draw_columns, draw_dots, draw_lines, draw_stacked, find_ticks
from puente.web.charts.lines import LETTER, _stack_labels
from puente.web.maps import STATE_CODES, Pin, Place, draw_local_map, draw_states_map, load_states


@given(st.floats(-1e6, 1e6), st.just(0.0) | st.floats(1e-2, 1e9), st.integers(3, 8))
def test_ticks_are_few_rise_evenly_and_cover_the_values(low: float, extent: float, most: int) -> None:
    ticks = find_ticks(low, low + extent, most)
    assert 2 <= len(ticks) <= most
    steps = [after - before for before, after in pairwise(ticks)]
    assert max(steps) - min(steps) <= 1e-6 * max(1, abs(low) + extent)
    slack = 1e-6 * max(1, abs(low) + extent)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= low + extent - slack


def test_an_axis_needs_its_ends_in_order() -> None:
    with pytest.raises(ValueError, match="in order"):
        find_ticks(2, 1)


def test_a_bar_is_as_long_as_its_value() -> None:
    drawn = draw_bars("t", [("a", 50), ("b", 25)], largest=100).drawing
    assert re.findall(r'chart-bar" width="([\d.]+)%', drawn) == ["50.0", "25.0"]


def test_columns_stand_on_the_axis_in_proportion() -> None:
    drawn = draw_columns("t", [("a", 20.0), ("b", 10.0), ("c", None)]).drawing
    tall = [float(height) for height in re.findall(r'chart-bar"[^>]*height="([\d.]+)"', drawn)]
    assert tall[0] == pytest.approx(2 * tall[1], abs=0.2)
    assert "–" in drawn


def test_a_stacked_bar_splits_its_row_in_shares() -> None:
    drawn = draw_stacked("t", ["x", "y"], [("row", (30, 10))]).drawing
    assert re.findall(r'x="([\d.]+)%"', drawn) == ["0.00", "75.00"]


def test_more_than_six_categories_are_refused() -> None:
    with pytest.raises(ValueError, match="others"):
        draw_stacked("t", list("abcdefg"), [("row", range(7))])


def test_a_missing_value_breaks_the_line() -> None:
    drawn = draw_lines("t", list("abcde"), [Series("s", [1, 2, None, 3, 4])]).drawing
    path = re.search(r'chart-line line-1" d="([^"]*)"', drawn)
    assert path is not None
    assert path[1].count("M") == 2


def test_the_interval_is_drawn_around_the_line() -> None:
    drawn = draw_lines("t", list("ab"), [Series("s", [1, 2], [0, 1], [2, 3])]).drawing
    assert "chart-interval" in drawn


def test_the_person_is_the_only_marigold_dot() -> None:
    drawn = draw_dots("t", [("a", 10), ("b", 12)], [("mean", 9)], chosen=1).drawing
    assert drawn.count("chart-person") == 1
    assert drawn.count("chart-dot") == 1


@given(st.lists(st.tuples(st.floats(10, 300), st.text("abc ", min_size=1, max_size=18)), max_size=6))
def test_no_leader_runs_through_another_label(labels: list[tuple[float, str]]) -> None:
    anchor, levels = _stack_labels(labels, 320)
    for index, (x, _text) in enumerate(labels):
        for other, (edge, text) in enumerate(labels):
            wide = len(text) * LETTER
            left, right = (edge - wide, edge - 4) if anchor == "end" else (edge + 4, edge + wide)
            if other != index and levels[other] < levels[index]:
                assert not left < x < right


@pytest.mark.parametrize(
    "chart",
    [
        draw_bars("<t>", [("<a>", 1)]),
        draw_columns("<t>", [("<a>", 1)]),
        draw_stacked("<t>", ["<x>"], [("<a>", (1,))]),
        draw_lines("<t>", ["<a>"], [Series("<s>", [1])]),
        draw_dots("<t>", [("<a>", 1)], [("<m>", 1)]),
        draw_states_map("<t>", {"16": 3, "01": None}, {"16": "<Michoacán>"}),
    ],
    ids=["bars", "columns", "stacked", "lines", "dots", "states"],
)
def test_a_chart_is_sound_markup_with_its_table_behind_it(chart: object) -> None:
    drawn = Template("{% chart chart csv_url='/x.csv' %}").render(Context({"chart": chart}))
    assert "style=" not in drawn
    ElementTree.fromstring(re.sub(r" (download|hidden)(?=[ >])", "", drawn))  # sound: every word is escaped
    assert "<details>" in drawn
    assert "&lt;t&gt;" in drawn


def test_charts_of_nothing_are_drawn_empty() -> None:
    assert draw_bars("t", []).rows == []
    assert draw_columns("t", []).rows == []
    assert draw_lines("t", [], []).rows == []
    assert draw_states_map("t", {}, {}).rows == []


def test_the_csv_holds_the_table_with_plain_numbers() -> None:
    chart = draw_columns("t", [("8", 1284.5), ("9", None)], value_name="People")
    assert chart.write_csv() == ",People\n8,1284.5\n9,\n"


def test_all_states_have_an_outline_of_closed_rings_within_the_country() -> None:
    states = load_states()
    assert set(states) == set(STATE_CODES.values()) == {f"{number:02}" for number in range(1, 33)}
    for rings in states.values():
        for ring in rings:
            assert ring[0] == pytest.approx(ring[-1])
            assert all(-118.5 < x < -86.5 and 14.4 < y < 32.8 for x, y in ring)


HOME = Place(19.436, -100.357, "Zitácuaro")


def read_pins(drawing: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'map-pin[^"]*" cx="([\d.-]+)" cy="([\d.-]+)"', drawing)]


def test_pins_of_the_same_town_are_drawn_apart_with_leaders() -> None:
    drawing = draw_local_map(HOME, [Pin(number, 19.7, -100.55) for number in range(1, 6)])
    pins = read_pins(drawing)
    gaps = [((a - c) ** 2 + (b - d) ** 2) ** 0.5 for a, b in pins for c, d in pins if (a, b) != (c, d)]
    assert len(pins) == 5
    assert min(gaps) > 15
    assert "map-leader" in drawing


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(14.6, 32.6), st.floats(-118, -87)), max_size=12))
def test_every_pin_stays_on_the_map(places: list[tuple[float, float]]) -> None:
    drawing = draw_local_map(HOME, [Pin(n, lat, lon) for n, (lat, lon) in enumerate(places, 1)], width=420, height=320)
    assert len(read_pins(drawing)) == len(places)
    assert all(0 <= x <= 420 and 0 <= y <= 320 for x, y in read_pins(drawing))


def test_the_rings_are_true_to_scale() -> None:
    drawing = draw_local_map(HOME, [Pin(1, 19.436 + 50 / 111.2, -100.357)], rings=(50,))
    home = re.search(r'chart-person" cx="([\d.]+)" cy="([\d.]+)"', drawing)
    ring = re.search(r'map-ring"[^>]* r="([\d.]+)"', drawing)
    assert home is not None
    assert ring is not None
    assert float(home[2]) - read_pins(drawing)[0][1] == pytest.approx(float(ring[1]), abs=0.5)


def test_the_map_for_paper_stands_alone() -> None:
    drawing = draw_local_map(HOME, [Pin(1, 19.7, -100.55)], for_paper=True)
    assert ElementTree.fromstring(drawing).tag == "{http://www.w3.org/2000/svg}svg"
    assert "var(" not in drawing
