"""The lists of an office, their lines, and who on them may be the person at the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from puente.engines.identity.evidence import Likelihood, rank
from puente.engines.identity.facts import Candidate, PersonQuery
from puente.engines.identity.keys import query_keys
from puente.platform.keys import load_keyring
from puente.platform.policy import Actor, NotAllowed
from puente.reception.lists import Line
from puente.reception.models import Arrival, Manifest, ManifestLine
from puente.reception.policies import REGISTER_ARRIVAL, VIEW_MANIFESTS
from puente.reception.services.manifests import open_manifest_key, unseal_line

#: The latest list first; ids break ties.
ORDER = ("-expected_at", "-id")
#: People of a closed list may still come, for so long.
LATE_COMERS = timedelta(days=3)
MOST_LINES = 60
MOST_SHOWN = 3

FIND_LINES = """
SELECT hit.line_id FROM unnest(%s::bigint[]) AS asked(key)
JOIN reception_linesearchkey AS hit ON hit.key = asked.key AND hit.office_id = %s
GROUP BY hit.line_id ORDER BY count(*) DESC, hit.line_id DESC LIMIT %s
"""


@dataclass(frozen=True)
class FoundLine:
    """A line of a list that may be the person at the desk."""

    row: ManifestLine
    line: Line
    likelihood: Likelihood


@dataclass(frozen=True)
class ShownLine:
    """A line of a list, opened to be shown."""

    row: ManifestLine
    line: Line


def list_manifests(actor: Actor) -> QuerySet[Any]:
    """Return the lists of the actor's offices with how many expected, arrived, are absent, came without a line.

    Each has `expected`, `arrived`, `absent` and `not_on_list`. Raises NotAllowed.
    """
    if not actor.may(VIEW_MANIFESTS):
        raise NotAllowed(VIEW_MANIFESTS.name)
    return _count(Manifest.objects.visible_to(actor, VIEW_MANIFESTS)).select_related("point")


def get_manifest(actor: Actor, manifest_id: UUID) -> Any:
    """Return one list with its counts; raises NotAllowed, also where there is none."""
    manifest = list_manifests(actor).filter(pk=manifest_id).first()
    if manifest is None:
        raise NotAllowed(VIEW_MANIFESTS.name)
    return manifest


def list_lines(actor: Actor, manifest: Manifest) -> QuerySet[ManifestLine]:
    """Return the lines of a list, to be filtered by status and paged by row."""
    return ManifestLine.objects.visible_to(actor, VIEW_MANIFESTS).filter(manifest=manifest)


def open_lines(manifest: Manifest, rows: list[ManifestLine]) -> list[ShownLine]:
    """Return what the rows of one page say."""
    data_key = open_manifest_key(manifest)
    return [ShownLine(row, unseal_line(data_key, row)) for row in rows]


def get_line(actor: Actor, line_id: UUID) -> ShownLine:
    """Return one line that still waits for its person; raises NotAllowed, also where there is none."""
    row = (
        ManifestLine.objects.visible_to(actor, VIEW_MANIFESTS)
        .select_related("manifest")
        .filter(pk=line_id)
        .exclude(status=ManifestLine.Status.ARRIVED)
        .first()
    )
    if row is None:
        raise NotAllowed(VIEW_MANIFESTS.name)
    return ShownLine(row, unseal_line(open_manifest_key(row.manifest), row))


def find_lines(actor: Actor, office_id: UUID, query: PersonQuery, now: datetime) -> list[FoundLine]:
    """Return the lines of an office's open and newly closed lists that may be the person, best first.

    Raises:
        NotAllowed: where the actor registers nobody in this office.
    """
    if office_id not in actor.offices_for(REGISTER_ARRIVAL):
        raise NotAllowed(REGISTER_ARRIVAL.name)
    hashes = [load_keyring().hash_search_key(key) for key in query_keys(query)]
    if not hashes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(FIND_LINES, [hashes, office_id, MOST_LINES])
        ids = [row[0] for row in cursor.fetchall()]
    rows = {
        str(row.pk): row
        for row in ManifestLine.objects.filter(pk__in=ids)
        .exclude(status=ManifestLine.Status.ARRIVED)
        .filter(Q(manifest__status=Manifest.Status.OPEN) | Q(manifest__closed_at__gt=now - LATE_COMERS))
        .select_related("manifest")
    }
    keys = {row.manifest_id: open_manifest_key(row.manifest) for row in rows.values()}
    lines = {key: unseal_line(keys[row.manifest_id], row) for key, row in rows.items()}
    ranked = rank(
        query,
        [Candidate(id=key, name=line.name, birth=line.birth_date) for key, line in lines.items()],
        MOST_SHOWN,
    )
    return [
        FoundLine(rows[found.candidate_id], lines[found.candidate_id], found.likelihood)
        for found in ranked
        if found.total > 0
    ]


def list_open_manifests(actor: Actor, office_id: UUID) -> list[Manifest]:
    """Return the lists of an office that are not closed, the next one first."""
    found = Manifest.objects.visible_to(actor, VIEW_MANIFESTS).filter(office_id=office_id, status=Manifest.Status.OPEN)
    return list(found.order_by("expected_at", "id")[:10])


def _count(manifests: QuerySet[Manifest]) -> QuerySet[Manifest]:
    lines = ManifestLine.objects.filter(manifest=OuterRef("pk")).order_by().values("manifest")
    others = Arrival.objects.filter(manifest=OuterRef("pk"), line__isnull=True).order_by().values("manifest")

    def number(rows: QuerySet) -> Coalesce:  # type: ignore[type-arg]
        return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)

    return manifests.annotate(
        expected=number(lines.filter(status=ManifestLine.Status.EXPECTED)),
        arrived=number(lines.filter(status=ManifestLine.Status.ARRIVED)),
        absent=number(lines.filter(status=ManifestLine.Status.ABSENT)),
        not_on_list=number(others),
    ).annotate(total=F("expected") + F("arrived") + F("absent"))
