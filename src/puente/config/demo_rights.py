"""Invented requests of people for their rights: late, soon due, accepted, refused, carried out."""

from datetime import datetime, timedelta
from uuid import UUID

from puente.platform.policy import Actor
from puente.rights.selectors.requests import list_uses
from puente.rights.services.requests import Said, carry_out_request, decide_request, receive_request

#: Kind, days since it was asked, what was said, ground of a refusal; None where nobody decided yet.
REQUESTS = (
    ("access", 40, "Quiere una copia de todo, para su abogada", None),
    ("correction", 9, "Su segundo apellido se escribe con z", None),
    ("erasure", 5, "Ya llegó a su casa y no quiere que quede nada", ""),
    ("access", 12, "Quiere saber qué le dijeron a la empresa", ""),
    ("erasure", 30, "Quiere que se borre la constancia", "not_competent"),
    ("objection", 3, "Ya no quiere que le llamen", ""),
)


def create_demo(*, counsellor: Actor, office_id: UUID, person_ids: list[UUID], now: datetime) -> None:
    """Create one request each for some people whom the counsellor serves."""
    for (kind, days, words, ground), person_id in zip(REQUESTS, person_ids, strict=False):
        uses = list_uses(counsellor, person_id)[-1:] if kind == "objection" else []
        if kind == "objection" and not uses:
            continue
        request = receive_request(
            actor=counsellor, person_id=person_id, office_id=office_id, kind=kind, capacity="self",
            identity_shown="photo_paper", means="signature", said=Said(words), uses=uses,
            received_on=(now - timedelta(days=days)).date(), now=now,
        )  # fmt: skip
        if ground is None:
            continue
        reason = "No la hizo esta oficina, sino migración" if ground else "Procede"
        decide_request(actor=counsellor, request_id=request.pk, ground=ground, reason=reason, now=now)
        if kind == "objection":
            carry_out_request(actor=counsellor, request_id=request.pk, now=now)
