"""Everything that writes to protection, and the few answers it gives to other rooms.

Reception and needs call `send_handover`, reception calls `push_arrival`; both read nothing back. Whoever sends
something out asks `may_contact` first.
"""

from puente.protection.boxes import Service
from puente.protection.contact import Channel, Wording
from puente.protection.handovers import Reason
from puente.protection.services.cases import create_case, open_case, write_entry
from puente.protection.services.circuit import PushedArrival, compare_returns, push_arrival
from puente.protection.services.contact import is_reserved, may_contact
from puente.protection.services.inbox import acknowledge_handover, open_handover, raise_prompt, send_handover
from puente.protection.services.legal_forms import edit_legal_form, load_legal_forms
from puente.protection.services.responses import ResponseFigures, count_responses
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
    "Channel",
    "InvalidScreening",
    "PushedArrival",
    "Reason",
    "ResponseFigures",
    "Service",
    "Wording",
    "acknowledge_handover",
    "answer_indicators",
    "begin_screening",
    "compare_returns",
    "conclude_screening",
    "correct_answer",
    "count_responses",
    "create_case",
    "defer_watch",
    "edit_legal_form",
    "is_reserved",
    "load_legal_forms",
    "may_contact",
    "open_case",
    "open_handover",
    "push_arrival",
    "raise_prompt",
    "record_factor",
    "send_handover",
    "tell_story",
    "write_entry",
]
