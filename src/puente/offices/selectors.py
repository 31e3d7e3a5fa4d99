"""Everything that reads places, offices and the service directory."""

from collections.abc import Collection
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from puente.engines.places import PlaceIndex, read_aliases, read_municipalities, read_states, read_towns
from puente.offices.models import Municipality, Office, ReceptionPoint, Service, ServiceKind, State
from puente.offices.policies import VIEW_DIRECTORY
from puente.platform.paths import CONTENT
from puente.platform.policy import Actor, NotAllowed


@cache
def load_place_index() -> PlaceIndex:
    """Return the index that resolves names of places without guessing, read once per process."""
    folder = CONTENT / "places"
    return PlaceIndex.build(
        read_states(folder / "states.csv"),
        read_municipalities(folder / "municipalities.csv"),
        read_aliases(folder / "place_aliases.csv"),
        read_towns(folder / "towns.csv"),
    )


def list_points(office_id: UUID, day: date) -> QuerySet[ReceptionPoint]:
    """Return the reception points of an office that are open on a day."""
    return ReceptionPoint.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day), office_id=office_id
    )


def find_municipalities(text: str, state: str = "", limit: int = 8) -> QuerySet[Municipality]:
    """Return municipalities whose name or seat begins with a text, the most populous first."""
    found = Municipality.objects.select_related("state").filter(
        Q(name__unaccent__istartswith=text) | Q(seat__unaccent__istartswith=text)
    )
    if state:
        found = found.filter(state_id=state)
    return found.order_by("-population")[:limit]


def list_services(actor: Actor, *, kind: str = "", state: str = "", text: str = "") -> QuerySet[Service]:
    """Return the services of the directory: what, where, when, free places.

    Raises:
        NotAllowed: where no role of the actor sees the directory.
    """
    if not actor.may(VIEW_DIRECTORY):
        raise NotAllowed(VIEW_DIRECTORY.name)
    services = Service.objects.select_related("partner", "municipality__state").prefetch_related("kinds")
    if kind:
        services = services.filter(kinds=kind)
    if state:
        services = services.filter(municipality__state=state)
    if text:
        services = services.filter(
            Q(label_es__unaccent__icontains=text) | Q(partner__label_es__unaccent__icontains=text)
        )
    return services


def count_services_by_kind(actor: Actor) -> list[tuple[ServiceKind, int]]:
    """Return the kinds of service that are offered, with how many services there are of each."""
    if not actor.may(VIEW_DIRECTORY):
        raise NotAllowed(VIEW_DIRECTORY.name)
    kinds = ServiceKind.objects.annotate(number=Count("services")).filter(number__gt=0).order_by("-number", "code")
    return [(kind, kind.number) for kind in kinds]


def get_service(actor: Actor, code: str) -> Service | None:
    """Return one service of the directory."""
    return list_services(actor).filter(pk=code).first()


def get_office(office_id: UUID) -> Office:
    """Return an office."""
    return Office.objects.get(pk=office_id)


def list_states() -> QuerySet[State]:
    """Return the states by name."""
    return State.objects.order_by("name")


def name_offices(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of offices in the reader's language."""
    return {office.pk: office.label for office in Office.objects.filter(pk__in=ids)}
