"""Ranked, explained lists of open places for one person. The essay is docs/subsystems/matching.md."""

from puente.engines.matching.constraints import Document, PhysicalDemand, Rule, Schedule
from puente.engines.matching.explanation import Entry
from puente.engines.matching.index import OpeningIndex, index_openings
from puente.engines.matching.openings import UNKNOWN, Kind, Municipalities, OpeningTable
from puente.engines.matching.profile import Answers, PastJob, PersonProfile, PlaceChoice
from puente.engines.matching.reasons import Question, QuestionCode, Reason, ReasonCode
from puente.engines.matching.shortlist import Hidden, OneMore, Shortlist, compile_ahead, one_more, shortlist
from puente.engines.matching.value import OccupationSimilarity, Term
from puente.engines.matching.weights import Weights

__all__ = [
    "UNKNOWN",
    "Answers",
    "Document",
    "Entry",
    "Hidden",
    "Kind",
    "Municipalities",
    "OccupationSimilarity",
    "OneMore",
    "OpeningIndex",
    "OpeningTable",
    "PastJob",
    "PersonProfile",
    "PhysicalDemand",
    "PlaceChoice",
    "Question",
    "QuestionCode",
    "Reason",
    "ReasonCode",
    "Rule",
    "Schedule",
    "Shortlist",
    "Term",
    "Weights",
    "compile_ahead",
    "index_openings",
    "one_more",
    "shortlist",
]
