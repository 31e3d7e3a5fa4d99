import numpy as np
import pytest

from benchmarks.matching.worlds import SWAPPED, make_world
from puente.engines.matching.allocation.cases import check_placement, make_case_problem
from puente.engines.matching.online.futures import look_ahead, price_night
from puente.engines.matching.online.instance import PlacementYear, read_instance
from puente.engines.matching.online.placing import (
    choose_at_counter,
    place_greedily,
    place_in_hindsight,
    place_year,
)


@pytest.mark.parametrize("change", [{}, {"count": 1.25}, {"count": 0.75}, {"kinds": SWAPPED}])
def test_a_year_placed_by_prices_comes_near_to_hindsight_also_when_it_turns_out_otherwise(change):
    year = make_world(3, **change)
    placed, greedy = place_year(year, trajectories=3), place_greedily(year)
    hindsight, bound = place_in_hindsight(year)
    assert check_placement(year.cases, placed.assigned) == placed.value
    assert greedy.value < placed.value < bound
    assert placed.value >= 0.97 * hindsight.value


def test_nothing_of_the_future_is_looked_at():
    year = make_world(4)
    half = int(np.searchsorted(year.day, 26))
    # Another second half: the same people in another order, and worth something else.
    rng = np.random.default_rng(0)
    value = year.cases.value.copy()
    later = np.repeat(np.isin(np.arange(year.cases.cases), year.order[half:]), np.diff(year.cases.start))
    value[later] = rng.random(int(later.sum()))
    cases = year.cases
    other = PlacementYear(
        type(cases)(cases.start, cases.place, value, cases.need, cases.capacity),
        year.order, year.day, year.expected, year.days, year.pool,
    )  # fmt: skip
    first, second = place_year(year, trajectories=2), place_year(other, trajectories=2)
    assert np.array_equal(first.assigned[year.order[:half]], second.assigned[year.order[:half]])


def test_at_the_counter_the_highest_value_net_of_price_with_room_wins():
    value, need = np.array([0.9, 0.8, -1.0, 0.5]), np.array([2])
    price, left = np.array([[0.3], [0.1], [0.0], [0.0]]), np.array([[5], [5], [5], [5]])
    assert choose_at_counter(value, need, price, left) == 1
    left[1] = 1
    assert choose_at_counter(value, need, price, left) == 3
    assert choose_at_counter(value, need, price + 1, left) == -1


def test_prices_rise_with_those_who_are_still_to_come():
    year = make_world(5)
    prices = [
        price_night(
            look_ahead(year.pool, year.pool, expected=expected, elapsed=0.0),
            year.cases.capacity,
            trajectories=3,
            rng=np.random.default_rng(1),
        ).price.sum()
        for expected in (50, 400, 800)
    ]
    assert prices[0] < prices[1] < prices[2]


def test_without_a_pool_the_year_teaches_itself():
    year = make_world(6)
    alone = PlacementYear(year.cases, year.order, year.day, year.expected, year.days)
    assert place_year(alone, trajectories=2).value > place_greedily(alone).value


def test_an_instance_may_be_given_as_arrays_or_as_text(tmp_path):
    rng = np.random.default_rng(2)
    utility, size = rng.random((6, 3)).round(6), rng.integers(1, 4, 6)
    for folder, save in (("text", np.savetxt), ("arrays", np.save)):
        ending = "csv" if folder == "text" else "npy"
        (tmp_path / folder).mkdir()
        extra = {"delimiter": ","} if folder == "text" else {}
        save(tmp_path / folder / f"utilities.{ending}", utility, **extra)
        save(tmp_path / folder / f"sizes.{ending}", size, **extra)
        save(tmp_path / folder / f"capacities.{ending}", np.array([4, 5, 6]), **extra)
    one, two = read_instance(tmp_path / "text"), read_instance(tmp_path / "arrays")
    assert one.cases.compute_digest() == two.cases.compute_digest()
    assert one.cases.compute_digest() == make_case_problem(utility, size, np.array([4, 5, 6])).compute_digest()
    assert one.order.tolist() == list(range(6))
    assert one.expected == 6


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("sizes.csv", "1\n2\n", "one row for each case"),
        ("utilities.csv", "1,2\n3\n", "different numbers of cells"),
        ("utilities.csv", "a,b\n1,x\n", "no number"),
        ("arrivals.csv", "0,0\n0,1\n", "each case once"),
        ("arrivals.csv", "1,5\n0,1\n", "never fall"),
        ("settings.json", '{"cases": 3}', "only expected_cases"),
        ("compatibility.csv", "1\n1\n", "compatibility the same shape"),
    ],
)
def test_files_that_do_not_fit_say_which_and_why(tmp_path, name, text, message):
    (tmp_path / "utilities.csv").write_text("0.5,0.2\n0.1,0.9\n")
    (tmp_path / "capacities.csv").write_text("2\n2\n")
    (tmp_path / name).write_text(text)
    if name == "sizes.csv":
        (tmp_path / name).write_text("1\n2\n3\n")
    with pytest.raises(ValueError, match=message):
        read_instance(tmp_path)
