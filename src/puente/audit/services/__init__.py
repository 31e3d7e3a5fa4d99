"""Everything that writes events, alerts, heads and verifications."""

from puente.audit.services.alerts import note_refusal, raise_alert, review_alert
from puente.audit.services.canaries import note_canaries
from puente.audit.services.events import record_event

__all__ = ["note_canaries", "note_refusal", "raise_alert", "record_event", "review_alert"]
