"""Everything that writes needs: the catalogue, the assessment, and what becomes of each need."""

from puente.needs.services.assessment import (
    ASSESSMENT,
    Outcome,
    answer_step,
    correct_answer,
    finish_assessment,
    is_reserved,
    open_assessment,
    read_assessment,
    start_assessment,
)
from puente.needs.services.catalogue import load_need_catalogue
from puente.needs.services.tracking import (
    MOVED_MEANWHILE,
    MOVES,
    InvalidMove,
    InvalidNeed,
    OpenedNeed,
    Plan,
    add_need,
    export_pending,
    open_need,
    plan_need,
    update_need,
)

__all__ = [
    "ASSESSMENT",
    "MOVED_MEANWHILE",
    "MOVES",
    "InvalidMove",
    "InvalidNeed",
    "OpenedNeed",
    "Outcome",
    "Plan",
    "add_need",
    "answer_step",
    "correct_answer",
    "export_pending",
    "finish_assessment",
    "is_reserved",
    "load_need_catalogue",
    "open_assessment",
    "open_need",
    "plan_need",
    "read_assessment",
    "start_assessment",
    "update_need",
]
