from puente.protection.models.cases import Case, CaseEntry, CaseKey
from puente.protection.models.inbox import Handover, HandoverAcknowledgement
from puente.protection.models.legal_forms import LegalForm

__all__ = ["Case", "CaseEntry", "CaseKey", "Handover", "HandoverAcknowledgement", "LegalForm"]
