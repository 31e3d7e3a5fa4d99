"""The boxes of the inbox: to which service a hand-over goes, told by a tag that means nothing without the keys.

All rows look alike on a disk. In a running server the database compares the tag with the secrets of the boxes that
the actor holds (`puente_holds_box`), so that a forgotten filter shows a counsellor nothing of protection's.
"""

import hashlib
import hmac
import json
from enum import StrEnum
from uuid import UUID

from django.db.models import BinaryField, CharField, Func, Q, Value
from django.db.models.functions import Cast, Concat

from puente.platform.keys import load_keyring
from puente.platform.policy import Action, Actor
from puente.protection.policies import (
    ACKNOWLEDGE_CARE,
    ACKNOWLEDGE_HANDOVER,
    VIEW_CARE_HANDOVERS,
    VIEW_HANDOVERS,
)

#: The setting of the transaction in which the database finds the secrets of the boxes that the actor holds.
SETTING = "puente.boxes"


class Service(StrEnum):
    """Who goes on with the person."""

    PROTECTION = "protection"
    MEDICAL = "medical"
    PSYCHOLOGICAL = "psychological"
    LEGAL = "legal"


CARE = (Service.MEDICAL, Service.PSYCHOLOGICAL, Service.LEGAL)
#: Whose box each action opens.
OPENED_BY: dict[str, tuple[Service, ...]] = {
    VIEW_HANDOVERS.name: (Service.PROTECTION,),
    ACKNOWLEDGE_HANDOVER.name: (Service.PROTECTION,),
    VIEW_CARE_HANDOVERS.name: CARE,
    ACKNOWLEDGE_CARE.name: CARE,
}


def tag_handover(service: Service, handover_id: UUID) -> bytes:
    """Return the tag of a row: 32 bytes, different for every row."""
    return hashlib.sha256(f"{_secret_of(service)}{handover_id}".encode()).digest()


def find_service(handover_id: UUID, tag: bytes) -> Service:
    """Return whose box a tag belongs to; raises LookupError where it belongs to none."""
    for service in Service:
        if hmac.compare_digest(tag_handover(service, handover_id), tag):
            return service
    raise LookupError("the tag belongs to no box")


def lies_in_boxes(action: Action) -> Q:
    """Return the condition that a hand-over lies in a box which the action opens."""
    condition = Q(pk__in=[])
    for service in OPENED_BY[action.name]:
        condition |= lies_in(service)
    return condition


def lies_in(service: Service) -> Q:
    """Return the condition that a hand-over lies in the box of one service."""
    words = Concat(Value(_secret_of(service)), Cast("id", CharField()))
    in_bytes = Func(words, Value("UTF8"), function="convert_to")
    return Q(box=Func(in_bytes, function="sha256", output_field=BinaryField()))


def write_setting(actor: Actor) -> str:
    """Return the secrets of the boxes that an actor holds, by action, as the database reads them."""
    held = {
        name: [_secret_of(service) for service in services]
        for name, services in OPENED_BY.items()
        if any(name in membership.actions for membership in actor.memberships)
    }
    return json.dumps(held) if held else ""


def _secret_of(service: Service) -> str:
    return hmac.digest(load_keyring().index_key, f"box|{service}".encode(), hashlib.sha256).hex()
