from puente.protection.models.access import (
    AccessDecision,
    AccessNotice,
    AccessRequest,
    AccessReview,
    AccessState,
)
from puente.protection.models.arrivals import ArrivalFact
from puente.protection.models.cases import Case, CaseEntry, CaseKey
from puente.protection.models.decisions import Closure, ExportState, ProtectedExport
from puente.protection.models.files import AttachedFile
from puente.protection.models.inbox import Handover, HandoverAcknowledgement
from puente.protection.models.legal_forms import LegalForm
from puente.protection.models.watch import WatchedPerson, WatchKey

__all__ = [
    "AccessDecision",
    "AccessNotice",
    "AccessRequest",
    "AccessReview",
    "AccessState",
    "ArrivalFact",
    "AttachedFile",
    "Case",
    "CaseEntry",
    "CaseKey",
    "Closure",
    "ExportState",
    "Handover",
    "HandoverAcknowledgement",
    "LegalForm",
    "ProtectedExport",
    "WatchKey",
    "WatchedPerson",
]
