"""Everything that writes to protection. Reception and needs call `send_handover` and read nothing back."""

from puente.protection.services.cases import create_case, open_case, write_entry
from puente.protection.services.inbox import Reason, Service, acknowledge_handover, open_handover, send_handover

__all__ = [
    "Reason",
    "Service",
    "acknowledge_handover",
    "create_case",
    "open_case",
    "open_handover",
    "send_handover",
    "write_entry",
]
