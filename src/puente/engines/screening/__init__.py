"""Reading the operational indicators of trafficking in human beings (ILO and European Commission, 2009).

Answers to indicators go in, a reading comes out: which of the six dimensions are positive and why, what they mean
together, what is still open and what it could change. A reading is never a finding: at most somebody is a *presumed*
victim, one indicator is a flag, and no indicator proves nothing. `docs/subsystems/screening.md` says where the
rules come from.
"""

from puente.engines.screening.age import AgeBasis, judge_age
from puente.engines.screening.factors import Effect, Factor, Level, read_factors
from puente.engines.screening.htcds import (
    COLUMNS,
    CaseFacts,
    Values,
    build_htcds_rows,
    find_controls,
    read_controls,
    read_values,
)
from puente.engines.screening.indicators import (
    Dimension,
    Indicator,
    IndicatorSet,
    InvalidContent,
    Status,
    Strength,
    Text,
    pick_set,
    read_indicators,
)
from puente.engines.screening.reading import (
    Answer,
    Basis,
    Clause,
    DimensionReading,
    Outcome,
    Reading,
    Turn,
    apply_rule,
    read_answers,
    read_dimension,
    weigh_dimensions,
)

__all__ = [
    "COLUMNS",
    "AgeBasis",
    "Answer",
    "Basis",
    "CaseFacts",
    "Clause",
    "Dimension",
    "DimensionReading",
    "Effect",
    "Factor",
    "Indicator",
    "IndicatorSet",
    "InvalidContent",
    "Level",
    "Outcome",
    "Reading",
    "Status",
    "Strength",
    "Text",
    "Turn",
    "Values",
    "apply_rule",
    "build_htcds_rows",
    "find_controls",
    "judge_age",
    "pick_set",
    "read_answers",
    "read_controls",
    "read_dimension",
    "read_factors",
    "read_indicators",
    "read_values",
    "weigh_dimensions",
]
