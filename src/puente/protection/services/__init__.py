"""Everything that writes to protection. Reception and needs call `send_handover` and read nothing back."""

from puente.protection.services.cases import create_case, open_case, write_entry
from puente.protection.services.inbox import Reason, Service, acknowledge_handover, open_handover, send_handover
from puente.protection.services.legal_forms import edit_legal_form, load_legal_forms
from puente.protection.services.screenings import (
    InvalidScreening,
    answer_indicators,
    begin_screening,
    conclude_screening,
    correct_answer,
    record_factor,
    tell_story,
)

__all__ = [
    "InvalidScreening",
    "Reason",
    "Service",
    "acknowledge_handover",
    "answer_indicators",
    "begin_screening",
    "conclude_screening",
    "correct_answer",
    "create_case",
    "edit_legal_form",
    "load_legal_forms",
    "open_case",
    "open_handover",
    "record_factor",
    "send_handover",
    "tell_story",
    "write_entry",
]
