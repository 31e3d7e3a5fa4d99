"""From answers to a reading.

Per dimension the rule of the ILO (Operational indicators of trafficking in human beings, 2009, p. 3). Together, the
ILO's illustration with a labour force survey of Moldova, completed where it leaves a combination open:

| exploitation | means at recruitment (DR, CR) | coercion at destination (CD) | reading |
|---|---|---|---|
| no | any | any | a flag where any indicator was found |
| yes | none | no | exploited |
| yes | DR | no | deceived and exploited |
| yes | DR or CR | yes | presumed victim |

Abuse of vulnerability is a means of its own (Palermo Protocol, art. 3 a). Here it stands in for the means at one end
of the story (RV at recruitment, VD at destination) where the other end shows one; alone it makes an exploited person
one whose vulnerability was abused. Coercion at one end is enough: the Protocol asks for a means in *any* of the acts.
For a child no means is required (art. 3 c): exploitation and the act are enough, and what is not known of the act
counts for the child.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from puente.engines.screening.indicators import Dimension, Indicator, Strength


class Answer(StrEnum):
    """What was found of one indicator. What nobody asked has no answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Clause(StrEnum):
    """The part of the rule that made a dimension positive."""

    TWO_STRONG = "two_strong"
    STRONG_AND_OTHER = "strong_and_other"
    THREE_MEDIUM = "three_medium"
    TWO_MEDIUM_AND_WEAK = "two_medium_and_weak"


class Outcome(StrEnum):
    """What a screening says in all, from the least to the gravest."""

    NO_INDICATOR = "no_indicator"
    FLAG = "flag"
    EXPLOITED = "exploited"
    ABUSED_AND_EXPLOITED = "abused_and_exploited"
    DECEIVED_AND_EXPLOITED = "deceived_and_exploited"
    PRESUMED_VICTIM = "presumed_victim"

    @property
    def rank(self) -> int:
        """0 for the least grave, to 5."""
        return list(Outcome).index(self)


class Basis(StrEnum):
    """What the outcome rests on beside the positive dimensions."""

    ILLUSTRATION = "illustration"
    VULNERABILITY_STANDS_IN = "vulnerability_stands_in"
    COERCION_AT_ONE_END = "coercion_at_one_end"
    CHILD = "child"


@dataclass(frozen=True)
class DimensionReading:
    """One dimension.

    `decided_by`: the indicators that the clause counts. `found`: all indicators answered yes. `open`: those unknown
    or not asked. `turned_by`: open ones of which each, if yes, would make the dimension positive by itself.
    """

    dimension: Dimension
    clause: Clause | None
    decided_by: tuple[str, ...]
    found: tuple[str, ...]
    open: tuple[str, ...]
    turned_by: tuple[str, ...]

    @property
    def is_positive(self) -> bool:
        """Whether the rule holds."""
        return self.clause is not None

    @property
    def is_flagged(self) -> bool:
        """Whether something was found that the rule does not reach."""
        return self.clause is None and bool(self.found)


@dataclass(frozen=True)
class Turn:
    """An open indicator that would change the outcome if it were answered yes."""

    indicator: str
    outcome: Outcome


@dataclass(frozen=True)
class Reading:
    """What a screening says.

    `reinforced_by`: positive dimensions of abused vulnerability beside the means. `unknown` and `not_asked`: the
    indicators without a yes or no. `turns`: each open indicator that alone would change the outcome. `at_most`: the
    outcome if every open indicator were yes.
    """

    outcome: Outcome
    basis: Basis
    dimensions: tuple[DimensionReading, ...]
    reinforced_by: tuple[Dimension, ...]
    unknown: tuple[str, ...]
    not_asked: tuple[str, ...]
    turns: tuple[Turn, ...]
    at_most: Outcome

    @property
    def positive(self) -> frozenset[Dimension]:
        """The dimensions for which the rule holds."""
        return frozenset(reading.dimension for reading in self.dimensions if reading.is_positive)

    @property
    def may_change(self) -> bool:
        """Whether open indicators could make the outcome graver."""
        return self.at_most is not self.outcome


def apply_rule(strong: int, medium: int, weak: int) -> Clause | None:
    """Return the clause that makes a dimension positive, None where none holds.

    S ≥ 2, or S ≥ 1 and M + W ≥ 1, or M ≥ 3, or M ≥ 2 and W ≥ 1 (ILO 2009, p. 3).

    Args:
        strong, medium, weak: counts of indicators answered yes, ≥ 0.
    """
    if strong >= 2:
        return Clause.TWO_STRONG
    if strong and medium + weak:
        return Clause.STRONG_AND_OTHER
    if medium >= 3:
        return Clause.THREE_MEDIUM
    if medium >= 2 and weak:
        return Clause.TWO_MEDIUM_AND_WEAK
    return None


def read_dimension(
    dimension: Dimension, indicators: Sequence[Indicator], answers: Mapping[str, Answer]
) -> DimensionReading:
    """Return the reading of one dimension.

    Args:
        indicators: of one set; those of other dimensions are left aside.
        answers: indicator id → answer; what was not asked is left out.
    """
    own = [indicator for indicator in indicators if indicator.dimension is dimension]
    found = [indicator for indicator in own if answers.get(indicator.id) is Answer.YES]
    unanswered = [indicator for indicator in own if answers.get(indicator.id) in (None, Answer.UNKNOWN)]
    clause = _find_clause(found)
    return DimensionReading(
        dimension=dimension,
        clause=clause,
        decided_by=_ids(_find_deciding(clause, found)),
        found=_ids(found),
        open=_ids(unanswered),
        turned_by=() if clause else _ids([each for each in unanswered if _find_clause([*found, each])]),
    )


def weigh_dimensions(
    positive: frozenset[Dimension], *, has_indicator: bool, is_child: bool, act: Answer = Answer.UNKNOWN
) -> tuple[Outcome, Basis]:
    """Return what positive dimensions mean together, and what that rests on.

    Args:
        positive: the dimensions for which the rule holds.
        has_indicator: whether any indicator was answered yes.
        is_child: below 18 years, or taken for it in doubt.
        act: whether somebody recruited, took, moved, hid or received the person; asked of children, for whom it
            takes the place of the means. Not known counts for the child, and so does any positive dimension beside
            exploitation: who was deceived, forced or held was recruited or received by somebody.
    """
    if Dimension.EXPLOITATION not in positive:
        return (Outcome.FLAG if has_indicator else Outcome.NO_INDICATOR), Basis.ILLUSTRATION
    others = positive - {Dimension.EXPLOITATION}
    if is_child and (act is not Answer.NO or others):
        return Outcome.PRESUMED_VICTIM, Basis.CHILD
    deceived = Dimension.DECEPTIVE_RECRUITMENT in positive
    coerced_into = Dimension.COERCIVE_RECRUITMENT in positive
    coerced_there = Dimension.COERCION in positive
    abused_into = Dimension.RECRUITMENT_BY_VULNERABILITY in positive
    abused_there = Dimension.VULNERABILITY_AT_DESTINATION in positive
    if coerced_there and (deceived or coerced_into):
        return Outcome.PRESUMED_VICTIM, Basis.ILLUSTRATION
    if (coerced_there and abused_into) or ((deceived or coerced_into) and abused_there):
        return Outcome.PRESUMED_VICTIM, Basis.VULNERABILITY_STANDS_IN
    if coerced_there or coerced_into:
        return Outcome.PRESUMED_VICTIM, Basis.COERCION_AT_ONE_END
    if deceived:
        return Outcome.DECEIVED_AND_EXPLOITED, Basis.ILLUSTRATION
    if others:
        return Outcome.ABUSED_AND_EXPLOITED, Basis.VULNERABILITY_STANDS_IN
    return Outcome.EXPLOITED, Basis.ILLUSTRATION


def read_answers(
    indicators: Sequence[Indicator], answers: Mapping[str, Answer], *, is_child: bool, act: Answer = Answer.UNKNOWN
) -> Reading:
    """Return the reading of a screening.

    Args:
        indicators: all indicators of one set.
        answers: indicator id → answer; what was not asked is left out.
        is_child: below 18 years, or taken for it in doubt.
        act: see `weigh_dimensions`.

    Raises:
        ValueError: where an answer names no indicator of the set.
    """
    names = [indicator.id for indicator in indicators]
    strangers = answers.keys() - set(names)
    if strangers:
        raise ValueError(f"Not in this set of indicators: {', '.join(sorted(strangers))}")
    dimensions = tuple(read_dimension(dimension, indicators, answers) for dimension in Dimension)
    positive = frozenset(reading.dimension for reading in dimensions if reading.is_positive)

    def weigh(yes: Mapping[str, Answer]) -> Outcome:
        readings = (read_dimension(dimension, indicators, yes) for dimension in Dimension)
        now_positive = frozenset(reading.dimension for reading in readings if reading.is_positive)
        return weigh_dimensions(now_positive, has_indicator=True, is_child=is_child, act=act)[0]

    outcome, basis = weigh_dimensions(
        positive, has_indicator=any(reading.found for reading in dimensions), is_child=is_child, act=act
    )
    unanswered = [name for reading in dimensions for name in reading.open]
    outcomes = {name: weigh({**answers, name: Answer.YES}) for name in unanswered}
    return Reading(
        outcome=outcome,
        basis=basis,
        dimensions=dimensions,
        reinforced_by=_find_reinforcement(positive, outcome, basis),
        unknown=tuple(name for name in names if answers.get(name) is Answer.UNKNOWN),
        not_asked=tuple(name for name in names if name not in answers),
        turns=tuple(Turn(name, other) for name, other in outcomes.items() if other is not outcome),
        at_most=weigh({**answers, **dict.fromkeys(unanswered, Answer.YES)}) if unanswered else outcome,
    )


def _find_reinforcement(positive: frozenset[Dimension], outcome: Outcome, basis: Basis) -> tuple[Dimension, ...]:
    """Return the abuse of vulnerability that adds weight to means which would be enough without it."""
    if outcome.rank < Outcome.DECEIVED_AND_EXPLOITED.rank or basis is Basis.VULNERABILITY_STANDS_IN:
        return ()
    abuse = (Dimension.RECRUITMENT_BY_VULNERABILITY, Dimension.VULNERABILITY_AT_DESTINATION)
    return tuple(dimension for dimension in abuse if dimension in positive)


def _find_clause(found: Sequence[Indicator]) -> Clause | None:
    counts = dict.fromkeys(Strength, 0)
    for indicator in found:
        counts[indicator.strength] += 1
    return apply_rule(counts[Strength.STRONG], counts[Strength.MEDIUM], counts[Strength.WEAK])


def _find_deciding(clause: Clause | None, found: Sequence[Indicator]) -> list[Indicator]:
    counted: dict[Clause | None, tuple[Strength, ...]] = {
        None: (),
        Clause.TWO_STRONG: (Strength.STRONG,),
        Clause.STRONG_AND_OTHER: (Strength.STRONG, Strength.MEDIUM, Strength.WEAK),
        Clause.THREE_MEDIUM: (Strength.MEDIUM,),
        Clause.TWO_MEDIUM_AND_WEAK: (Strength.MEDIUM, Strength.WEAK),
    }
    return [indicator for indicator in found if indicator.strength in counted[clause]]


def _ids(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    return tuple(indicator.id for indicator in indicators)
