from puente.reception.models.arrivals import (
    Arrival,
    ArrivalVersion,
    IdentityAnswer,
    ImmediateNeed,
    OtherService,
    ServiceGiven,
    TurnCounter,
)
from puente.reception.models.manifests import ColumnMapping, LineSearchKey, Manifest, ManifestDraft, ManifestLine
from puente.reception.models.queue import QueuePlace, Stage, StageEvent

__all__ = [
    "Arrival",
    "ArrivalVersion",
    "ColumnMapping",
    "IdentityAnswer",
    "ImmediateNeed",
    "LineSearchKey",
    "Manifest",
    "ManifestDraft",
    "ManifestLine",
    "OtherService",
    "QueuePlace",
    "ServiceGiven",
    "Stage",
    "StageEvent",
    "TurnCounter",
]
