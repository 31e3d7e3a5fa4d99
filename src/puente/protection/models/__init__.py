from puente.protection.models.cases import Case, CaseEntry, CaseKey
from puente.protection.models.inbox import Handover, HandoverAcknowledgement

__all__ = ["Case", "CaseEntry", "CaseKey", "Handover", "HandoverAcknowledgement"]
