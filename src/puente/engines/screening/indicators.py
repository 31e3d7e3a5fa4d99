"""The indicators as data: their shape, how the rows of a content file become indicators, and which set is asked."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class InvalidContent(Exception):
    """A content file cannot be used; `problems` says where and what to change."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Dimension(StrEnum):
    """The six parts of the story, in the order in which they are asked."""

    DECEPTIVE_RECRUITMENT = "DR"
    COERCIVE_RECRUITMENT = "CR"
    RECRUITMENT_BY_VULNERABILITY = "RV"
    EXPLOITATION = "EX"
    COERCION = "CD"
    VULNERABILITY_AT_DESTINATION = "VD"


class Strength(StrEnum):
    """What an indicator weighs."""

    STRONG = "S"
    MEDIUM = "M"
    WEAK = "W"


class IndicatorSet(StrEnum):
    """Whom a set of indicators is asked of, and about what."""

    ADULT_LABOUR = "AL"
    CHILD_LABOUR = "CL"
    ADULT_SEXUAL = "AS"
    CHILD_SEXUAL = "CS"

    @property
    def is_for_children(self) -> bool:
        """Whether the set is for people below 18, for whom no means is required (Palermo Protocol, art. 3 c)."""
        return self in (IndicatorSet.CHILD_LABOUR, IndicatorSet.CHILD_SEXUAL)

    @property
    def is_sexual(self) -> bool:
        """Whether the set is about sexual exploitation."""
        return self in (IndicatorSet.ADULT_SEXUAL, IndicatorSet.CHILD_SEXUAL)


class Status(StrEnum):
    """Whether somebody compared a row with its source."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Text:
    """The same words in the product's languages."""

    es: str
    en: str
    fr: str

    def say(self, language: str) -> str:
        """Return the words in a language such as `fr` or `es-mx`; Spanish where it is none of ours."""
        return {"en": self.en, "fr": self.fr}.get(language[:2], self.es)


@dataclass(frozen=True)
class Indicator:
    """One indicator of one set: what the officer looks for and how the person may be asked."""

    id: str
    dimension: Dimension
    set: IndicatorSet
    strength: Strength
    label: Text
    question: Text
    status: Status
    source: str


def pick_set(*, is_child: bool, is_sexual: bool) -> IndicatorSet:
    """Return the set that is asked of a child or an adult, about labour or about sexual exploitation."""
    if is_sexual:
        return IndicatorSet.CHILD_SEXUAL if is_child else IndicatorSet.ADULT_SEXUAL
    return IndicatorSet.CHILD_LABOUR if is_child else IndicatorSet.ADULT_LABOUR


def read_text(row: Mapping[str, str], name: str) -> Text:
    """Return the words of the columns `name_es`, `name_en` and `name_fr` of a row."""
    return Text(row[f"{name}_es"].strip(), row[f"{name}_en"].strip(), row[f"{name}_fr"].strip())


def find_gaps(row: Mapping[str, str], name: str) -> list[str]:
    """Return the columns of a text that a row leaves empty."""
    return [column for language in ("es", "en", "fr") if not row[column := f"{name}_{language}"].strip()]


def read_indicators(rows: Iterable[Mapping[str, str]]) -> dict[IndicatorSet, tuple[Indicator, ...]]:
    """Return the indicators of a content file by set, in the order of the file.

    Args:
        rows: column → text, with the columns indicator_id, dimension, set, strength, label_es, label_en, label_fr,
            question_es, question_en, question_fr, status and source.

    Raises:
        InvalidContent: with every problem: a repeated id in a set, an unknown dimension, set, strength or status,
            an id that does not begin with its dimension, an empty text or source, a set without exploitation.
    """
    problems: list[str] = []
    found: dict[IndicatorSet, list[Indicator]] = {}
    for number, row in enumerate(rows, start=2):
        flaws = _find_flaws(row)
        if flaws:
            problems += [f"line {number}: {flaw}" for flaw in flaws]
            continue
        indicator = _read_indicator(row)
        found.setdefault(indicator.set, []).append(indicator)
    for asked, indicators in found.items():
        times = Counter(indicator.id for indicator in indicators)
        problems += [f"set {asked}: {name} stands there {count} times" for name, count in times.items() if count > 1]
        if not any(indicator.dimension is Dimension.EXPLOITATION for indicator in indicators):
            problems.append(f"set {asked}: no indicator of exploitation ({Dimension.EXPLOITATION})")
    if not found and not problems:
        problems.append("there is no indicator")
    if problems:
        raise InvalidContent(problems)
    return {asked: tuple(indicators) for asked, indicators in found.items()}


def _find_flaws(row: Mapping[str, str]) -> list[str]:
    flaws = [
        f"{column} is “{row[column]}”, it must be one of {', '.join(kind)}"
        for column, kind in (
            ("dimension", Dimension),
            ("set", IndicatorSet),
            ("strength", Strength),
            ("status", Status),
        )
        if row[column] not in list(kind)
    ]
    if not row["indicator_id"].startswith(row["dimension"]) or not row["indicator_id"][2:].isdigit():
        flaws.append(f"“{row['indicator_id']}” must be its dimension and a number")
    empty = find_gaps(row, "label") + find_gaps(row, "question") + ["source"] * (not row["source"].strip())
    return flaws + [f"{column} is empty" for column in empty]


def _read_indicator(row: Mapping[str, str]) -> Indicator:
    return Indicator(
        id=row["indicator_id"],
        dimension=Dimension(row["dimension"]),
        set=IndicatorSet(row["set"]),
        strength=Strength(row["strength"]),
        label=read_text(row, "label"),
        question=read_text(row, "question"),
        status=Status(row["status"]),
        source=row["source"].strip(),
    )
