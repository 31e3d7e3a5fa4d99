"""Everything that reads instruments."""

from uuid import UUID

from puente.instruments.models import Response
from puente.instruments.policies import viewing
from puente.platform.policy import Actor


def list_responses(actor: Actor, area: str, person_id: UUID) -> list[Response]:
    """Return what a person was asked in an area, the latest first; what was said stays sealed."""
    return list(
        Response.objects.visible_to(actor, viewing(area))
        .filter(person_id=person_id, area=area)
        .select_related("office")
        .order_by("-started_at", "-id")
    )
