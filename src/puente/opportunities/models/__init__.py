from puente.opportunities.models.imports import ImportAlias, ImportBatch, ImportFile, ImportRow, ImportSource
from puente.opportunities.models.occupations import IscoGroup, Occupation, OccupationGroup, OccupationPair
from puente.opportunities.models.openings import (
    SUNDAY,
    Employer,
    EmployerNote,
    Opening,
    OpeningsVersion,
    TitleDecision,
)

__all__ = [
    "SUNDAY",
    "Employer",
    "EmployerNote",
    "ImportAlias",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "ImportSource",
    "IscoGroup",
    "Occupation",
    "OccupationGroup",
    "OccupationPair",
    "Opening",
    "OpeningsVersion",
    "TitleDecision",
]
