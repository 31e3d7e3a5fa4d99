import csv
import json

import numpy as np
import pytest

from puente.config.console import run


def write_cohort(folder, people, openings):
    (folder / "people.csv").write_text(people)
    (folder / "openings.csv").write_text(openings)
    return ["match", "--people", str(folder / "people.csv"), "--openings", str(folder / "openings.csv"),
            "--out", str(folder / "out"), "--day", "2026-11-23", "--json"]  # fmt: skip


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_cohort_of_files_comes_out_as_proposals_with_a_certificate(tmp_path, capsys):
    people = "person,jobs,places,never,group\n" + "".join(
        f"p{number},7121:{number % 9},20,{'20067' if number == 3 else ''},{'ab'[number % 2]}\n" for number in range(30)
    )
    openings = "opening,sinco,place,wage,places,employer\n" + "".join(
        f"o{number},7121,{['20067', '20002'][number % 2]},{8000 + 100 * number},2,e{number % 3}\n"
        for number in range(8)
    )
    assert run(write_cohort(tmp_path, people, openings)) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["placed"] == 16
    assert result["value"] <= result["bound"]
    assert result["gap"] <= 1e-3
    assert {group["group"] for group in result["groups"]} == {"a", "b"}
    assert all(group["kept"] for group in result["groups"])
    proposals = {row["person"]: row for row in read(tmp_path / "out" / "proposals.csv")}
    assert len(proposals) == 30
    assert sum(row["opening"] != "" for row in proposals.values()) == 16
    # Nobody is sent where they must never be sent, nor is it said to them.
    assert proposals["p3"]["opening"] in {"", "o1", "o3", "o5", "o7"}
    assert not set(proposals["p3"]["nearly_as_good"].split(";")) & {"o0", "o2", "o4", "o6"}
    taken = {row["opening"]: row for row in read(tmp_path / "out" / "openings.csv")}
    assert all(int(row["taken"]) <= int(row["places"]) == 2 for row in taken.values())
    assert int(taken["o7"]["people_who_want_it"]) >= 2


@pytest.mark.parametrize(
    ("people", "openings", "message"),
    [
        ("person,lacks\nana,licence:none_such\n", "opening,places\na,1\n", "people.csv, row 2, column lacks"),
        ("person,home\nana,99999\n", "opening,places\na,1\n", "99999"),
        ("name\nana\n", "opening,places\na,1\n", "columns person are missing"),
        ("person\nana\n", "opening,places\na,many\n", "openings.csv, row 2, column places"),
        ("person\nana\nana\n", "opening,places\na,1\n", "two rows bear the same person"),
        ("person\nana\n", "opening,places\n", "no row below the header"),
        ("person\nana\n", "opening,places,kind\na,1,castle\n", "column kind"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(tmp_path, capsys, people, openings, message):
    assert run(write_cohort(tmp_path, people, openings)) == 1
    assert message in capsys.readouterr().out.replace("\n", " ")


def write_instance(folder, rng, cases=60, places=4):
    folder.mkdir(parents=True, exist_ok=True)
    np.savetxt(folder / "utilities.csv", rng.random((cases, places)), delimiter=",")
    np.savetxt(folder / "capacities.csv", rng.integers(8, 40, places), fmt="%d")
    np.savetxt(folder / "sizes.csv", rng.integers(1, 5, cases), fmt="%d")
    np.savetxt(folder / "compatibility.csv", rng.random((cases, places)) < 0.9, fmt="%d", delimiter=",")
    order = np.stack([rng.permutation(cases), np.sort(rng.integers(0, 12, cases))], axis=1)
    np.savetxt(folder / "arrivals.csv", order, fmt="%d", delimiter=",", header="case,day", comments="")
    return order


def test_a_year_given_as_files_is_placed_day_by_day_and_again_the_same(tmp_path, capsys):
    rng = np.random.default_rng(1)
    write_instance(tmp_path, rng)
    write_instance(tmp_path / "pool", rng)
    answers = []
    for _ in range(2):
        assert run(["match", "online", "--instance", str(tmp_path), "--trajectories", "3", "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))
        answers[-1].pop("seconds")
    assert answers[0] == answers[1]
    answer = answers[0]
    assigned = np.array(answer["assigned"])
    sizes = np.loadtxt(tmp_path / "sizes.csv", dtype=int)
    capacities = np.loadtxt(tmp_path / "capacities.csv", dtype=int)
    used = np.bincount(assigned[assigned >= 0], sizes[assigned >= 0], len(capacities))
    assert (used <= capacities).all()
    compatible = np.loadtxt(tmp_path / "compatibility.csv", delimiter=",")
    assert all(compatible[case, place] for case, place in enumerate(assigned) if place >= 0)
    assert answer["online"] <= answer["hindsight"] <= answer["bound"] + 1e-9
    assert answer["ratio"] > 0.85


def test_an_instance_that_lacks_a_file_says_which(tmp_path, capsys):
    assert run(["match", "online", "--instance", str(tmp_path)]) == 1
    assert "capacities.csv" in capsys.readouterr().out.replace("\n", "")
