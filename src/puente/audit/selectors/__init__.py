"""Everything that reads events, alerts, heads and verifications."""

from puente.audit.selectors.alerts import (
    ToldAlert,
    count_waiting_alerts,
    list_alerts,
    list_canaries,
    tell_alerts,
    tell_canaries,
)
from puente.audit.selectors.chain import (
    find_head,
    find_last_verification,
    list_heads,
    tell_findings,
    tell_heads,
)
from puente.audit.selectors.events import (
    EventFilter,
    Opening,
    ToldEvent,
    find_person_id,
    list_events,
    list_openings,
    list_own_events,
    tell_events,
)

__all__ = [
    "EventFilter",
    "Opening",
    "ToldAlert",
    "ToldEvent",
    "count_waiting_alerts",
    "find_head",
    "find_last_verification",
    "find_person_id",
    "list_alerts",
    "list_canaries",
    "list_events",
    "list_heads",
    "list_openings",
    "list_own_events",
    "tell_alerts",
    "tell_canaries",
    "tell_events",
    "tell_findings",
    "tell_heads",
]
