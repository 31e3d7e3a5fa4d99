from puente.rights.models.calendar import Deadline, Holiday
from puente.rights.models.erasures import Erasure
from puente.rights.models.requests import FileCopy, RequestEvent, RightsRequest
from puente.rights.models.retention import RetentionCount, RetentionItem, RetentionRule, RetentionRun

__all__ = [
    "Deadline",
    "Erasure",
    "FileCopy",
    "Holiday",
    "RequestEvent",
    "RetentionCount",
    "RetentionItem",
    "RetentionRule",
    "RetentionRun",
    "RightsRequest",
]
