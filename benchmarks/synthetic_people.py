"""Made-up Mexican people with real name frequencies, and the damage that lists, ears and hands do to them.

Names are drawn by the counts of the Census Bureau's Hispanic lists where PUENTE_REALDATA has them, else from
the engine's own vocabulary with a falling curve. Rates of damage are those of the research behind the search
keys; damages are independent, so real figures will be lower.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.facts import Candidate, PersonQuery
from puente.engines.identity.hypocoristics import FULL_NAMES
from puente.engines.identity.names import PersonName
from puente.engines.identity.vocabulary import ACCENTED, FEMALE_NAMES, MALE_NAMES, SURNAMES, fold

REFERENCE_DAY = date(2026, 11, 23)
#: INEGI codes and roughly each state's share of returns.
STATES = {
    "12": 10, "20": 10, "16": 9, "11": 8, "07": 8, "30": 7, "21": 7, "15": 5, "14": 5, "08": 4, "25": 4, "26": 4,
    "02": 4, "24": 3, "13": 3, "09": 3, "28": 3, "32": 2, "22": 2, "17": 2, "10": 2, "05": 2, "18": 1, "19": 1,
    "01": 1, "06": 1, "29": 1, "27": 1, "31": 1, "23": 1, "03": 1, "04": 1,
}  # fmt: skip

SHARE_OF_MEN = 0.85
SHARE_WITH_TWO_GIVEN_NAMES = 0.55
SHARE_WITH_ONE_SURNAME = 0.02
SHARE_BORN_ON_FIRST_OF_JANUARY = 0.03


@dataclass(frozen=True)
class Weighted:
    """Words with their cumulative counts, to draw from."""

    words: tuple[str, ...]
    cumulative: tuple[float, ...]

    def draw(self, random: Random) -> str:
        """One word, by its weight."""
        return random.choices(self.words, cum_weights=self.cumulative)[0]


@dataclass(frozen=True)
class NameFrequencies:
    """Surnames and given names of men and women, weighted."""

    surnames: Weighted
    male: Weighted
    female: Weighted


def load_frequencies() -> NameFrequencies:
    """The Census Bureau's counts where PUENTE_REALDATA has them, else the built-in vocabulary."""
    folder = Path(os.environ.get("PUENTE_REALDATA", "")) / "names"
    surnames = folder / "us_census_2020_hispanic_surnames.csv"
    first_names = folder / "us_census_2020_hispanic_first_names.csv"
    if not (os.environ.get("PUENTE_REALDATA") and surnames.exists() and first_names.exists()):
        return NameFrequencies(*(_weigh_by_rank(words) for words in (SURNAMES, MALE_NAMES, FEMALE_NAMES)))
    rows = _read_rows(first_names)
    return NameFrequencies(
        _weigh((row["name"], float(row["count"])) for row in _read_rows(surnames)),
        _weigh((row["name"], _count(row, "pctmale")) for row in rows if _count(row, "pctmale") > 20),
        _weigh((row["name"], _count(row, "pctfemale")) for row in rows if _count(row, "pctfemale") > 20),
    )


def make_people(count: int, *, seed: int, frequencies: NameFrequencies) -> list[Candidate]:
    """`count` different people with ids "0", "1", …"""
    random = Random(seed)
    return [_make_person(str(i), random, frequencies) for i in range(count)]


def ask_with_damage(
    person: Candidate, random: Random, frequencies: NameFrequencies, *, with_day: bool, with_state: bool
) -> PersonQuery:
    """What a later list or officer knows of the person: damaged name, damaged date (to the day or the year
    alone), and the state, wrong in one case of twenty-five, where asked for."""
    birth = _damage_birth(person.birth, random) if person.birth else None
    if birth and not with_day:
        birth = PartialDate.from_parts(birth.year)
    state = None
    if with_state:
        state = person.birth_state if random.random() > 0.04 else random.choice(list(STATES))
    return PersonQuery(damage_name(person.name, random, frequencies), birth, state)


def damage_name(name: PersonName, random: Random, frequencies: NameFrequencies) -> PersonName:
    """The name as another list would have it: words dropped, swapped, shortened, misheard, mistyped."""
    given, first, second = name.given.split(), name.first_surname, name.second_surname
    if len(given) > 1:
        chance = random.random()
        if chance < 0.16:
            given = given[:1]
        elif chance < 0.18:
            given = given[::-1]
        elif chance < 0.20:
            given = given[1:2]
    if random.random() < 0.05:
        given[0] = _shorten(given[0], random)
    if second and random.random() < 0.03:
        first, second = second, first
    if random.random() < 0.10:
        second = ""
    if random.random() < 0.015:
        first = frequencies.surnames.draw(random).title()
    given = [_slip(word, random, 0.06) for word in given]
    damaged = PersonName(" ".join(given), _slip(first, random, 0.07), _slip(second, random, 0.07))
    if random.random() < 0.5:  # half of the lists know no accents
        parts = (damaged.given, damaged.first_surname, damaged.second_surname)
        damaged = PersonName(*(fold(part).title() for part in parts))
    return damaged


def _count(row: dict[str, str], share: str) -> float:
    try:
        return float(row["count"]) * float(row[share]) / 100
    except ValueError:  # "(S)": suppressed by the bureau
        return 0.0


def _read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["name"].isalpha() and len(row["name"]) > 2]


def _weigh(counts: Iterable[tuple[str, float]]) -> Weighted:
    kept = [(word, count) for word, count in counts if count > 0]
    words = tuple(ACCENTED.get(word, word.title()) for word, _ in kept)
    return Weighted(words, tuple(accumulate(count for _, count in kept)))


def _weigh_by_rank(words: Sequence[str]) -> Weighted:
    return Weighted(tuple(words), tuple(accumulate(1 / (rank + 4) for rank in range(len(words)))))


def _make_person(identifier: str, random: Random, frequencies: NameFrequencies) -> Candidate:
    is_man = random.random() < SHARE_OF_MEN
    names = frequencies.male if is_man else frequencies.female
    given = names.draw(random)
    if random.random() < SHARE_WITH_TWO_GIVEN_NAMES:
        second_given = names.draw(random)
        given = given if second_given == given else f"{given} {second_given}"
    first = frequencies.surnames.draw(random)
    second = "" if random.random() < SHARE_WITH_ONE_SURNAME else frequencies.surnames.draw(random)
    born = REFERENCE_DAY - timedelta(days=int(random.triangular(1, 75, 27) * 365.25))
    if random.random() < SHARE_BORN_ON_FIRST_OF_JANUARY:
        born = born.replace(month=1, day=1)
    return Candidate(
        id=identifier,
        name=PersonName(given, first, second),
        birth=PartialDate.from_date(born),
        birth_state=random.choices(list(STATES), weights=list(STATES.values()))[0],
        sex="H" if is_man else "M",
    )


def _damage_birth(birth: PartialDate, random: Random) -> PartialDate:
    if birth.month is None or birth.day is None:
        return birth
    chance = random.random()
    if chance < 0.03 and birth.day <= 12:
        return replace(birth, month=birth.day, day=birth.month)
    if chance < 0.055:
        return replace(birth, day=random.randint(1, 28))
    if chance < 0.075:
        return replace(birth, year=birth.year + random.choice((-1, 1)), day=min(birth.day, 28))
    if chance < 0.08:
        return PartialDate.from_parts(random.randint(1950, 2010), random.randint(1, 12), random.randint(1, 28))
    return birth


_SHORT_FORMS: dict[str, list[str]] = {}
for _form, _full in FULL_NAMES.items():
    for _name in _full:
        _SHORT_FORMS.setdefault(_name, []).append(_form)


def _shorten(word: str, random: Random) -> str:
    forms = _SHORT_FORMS.get(fold(word))
    return random.choice(forms).title() if forms else word


_MISHEARD = (
    ("v", "b"), ("b", "v"), ("z", "s"), ("s", "z"), ("ce", "se"), ("ci", "si"), ("ll", "y"), ("y", "ll"),
    ("ge", "je"), ("gi", "ji"), ("j", "g"), ("h", ""), ("qu", "k"), ("c", "k"), ("x", "j"), ("rr", "r"),
    ("gue", "ge"), ("i", "y"),
)  # fmt: skip


def _slip(word: str, random: Random, rate: float) -> str:
    """Half of the slips are of the ear, half of the hand."""
    if len(word) < 3 or random.random() >= rate:
        return word
    lower = word.lower()
    if random.random() < 0.5:
        heard = [(wrong, right) for wrong, right in _MISHEARD if wrong in lower]
        if heard:
            wrong, right = random.choice(heard)
            return lower.replace(wrong, right, 1).title()
    at = random.randrange(1, len(lower))
    kind = random.randrange(4)
    letter = random.choice("abcdefghijlmnoprstuvz")
    if kind == 0:
        return (lower[:at] + lower[at + 1 :]).title()
    if kind == 1:
        return (lower[:at] + letter + lower[at:]).title()
    if kind == 2:
        return (lower[:at] + letter + lower[at + 1 :]).title()
    return (lower[: at - 1] + lower[at] + lower[at - 1] + lower[at + 1 :]).title()
