"""What protection reads; nobody else imports this package."""

from puente.protection.selectors.inbox import (
    ORDER,
    WaitingHandover,
    find_registered,
    find_services,
    list_by_urgency,
    list_care,
    list_taken,
    list_waiting,
    name_takers,
)

__all__ = [
    "ORDER",
    "WaitingHandover",
    "find_registered",
    "find_services",
    "list_by_urgency",
    "list_care",
    "list_taken",
    "list_waiting",
    "name_takers",
]
