"""Reading the chains, their heads, and what the last check found."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from puente.audit.directory import directory
from puente.audit.models import Event, Head, Link, Verification
from puente.audit.policies import NO_OFFICE, VIEW_EVENTS
from puente.audit.wording import DAMAGES
from puente.engines.audit_chain import LinkedEvent
from puente.platform.policy import Actor, NotAllowed

ROWS_AT_ONCE = 5_000
# As puente_audit_text writes the fields: a verifier that reads a damaged value must not stumble over it.
FIELDS = """event.id::text, extract(epoch FROM event.at)::text, event.verb, event.actor_id::text, event.office_id::text,
    event.record_type, event.record_id::text, event.person_id::text, event.purpose, event.sensitivity::text,
    event.detail::text"""
READ_CHAINS = f"""
SELECT link.chain::text, link.seq, link.event_id::text, link.previous, link.hash, {FIELDS}
FROM audit_link AS link LEFT JOIN audit_event AS event ON event.id = link.event_id
WHERE %(chain)s::uuid IS NULL OR link.chain = %(chain)s::uuid
ORDER BY link.chain, link.seq
"""
READ_UNLINKED = """
SELECT coalesce(event.office_id, %(no_office)s)::text, event.id::text FROM audit_event AS event
WHERE NOT EXISTS (SELECT 1 FROM audit_link AS link WHERE link.event_id = event.id)
ORDER BY event.at, event.id
"""


@contextmanager
def read_chains(chain: UUID | None = None) -> Iterator[Iterator[LinkedEvent]]:
    """Read one chain or all, ordered by chain and place, a few thousand rows at a time.

    Only an actor who verifies sees all rows; runs inside `acting_as`.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(READ_CHAINS, {"chain": chain})
        yield _read_rows(cursor)


def _read_rows(cursor: object) -> Iterator[LinkedEvent]:
    while rows := cursor.fetchmany(ROWS_AT_ONCE):  # type: ignore[attr-defined]
        for chain, seq, event_id, previous, made, *values in rows:
            yield LinkedEvent(chain, seq, event_id, bytes(previous), bytes(made), tuple(values) if values[0] else None)


def list_unlinked() -> list[tuple[str, str]]:
    """Return (chain, event id) of events that stand in no chain, the earliest first. Runs as `read_chains` does."""
    with connection.cursor() as cursor:
        cursor.execute(READ_UNLINKED, {"no_office": NO_OFFICE})
        return [(chain, event_id) for chain, event_id in cursor.fetchall()]


def count_events() -> int:
    """Return how many events the actor who acts may read."""
    return Event.objects.count()


def list_last_links() -> list[Link]:
    """Return the last link of every chain that the actor who acts may read."""
    chains = Link.objects.order_by().values_list("chain", flat=True).distinct()
    return [Link.objects.filter(chain=chain).order_by("-seq")[0] for chain in chains]


def list_heads(actor: Actor) -> QuerySet[Head]:
    """Return the heads of the chains of the offices in which the actor reads events, for paging by ("-at", "id").

    Raises:
        NotAllowed: where the actor reads no events.
    """
    if not actor.may(VIEW_EVENTS):
        raise NotAllowed(VIEW_EVENTS.name)
    return Head.objects.filter(Q(chain__in=actor.offices_for(VIEW_EVENTS)) | Q(chain=NO_OFFICE))


def find_head(actor: Actor, head_id: UUID) -> Head | None:
    """Return one head that the actor may see; raises NotAllowed where they read no events."""
    return list_heads(actor).filter(pk=head_id).first()


def find_last_verification(actor: Actor) -> Verification | None:
    """Return the last check of all chains; raises NotAllowed where the actor reads no events."""
    if not actor.may(VIEW_EVENTS):
        raise NotAllowed(VIEW_EVENTS.name)
    return Verification.objects.order_by("-at", "-id").first()


@dataclass(frozen=True)
class ToldHead:
    """A head with the name of its office; "" for the chain of events that belong to none."""

    head: Head
    office: str


@dataclass(frozen=True)
class ToldFinding:
    """What a check found in one chain, in words. `place` is 0 where the bad row has none; `until` ends a stretch."""

    office: str
    damage: str
    place: int
    until: int


def tell_heads(heads: Iterable[Head]) -> list[ToldHead]:
    """Return heads with the names of their offices, in the order given."""
    rows = list(heads)
    offices = directory().name_offices({head.chain for head in rows})
    return [ToldHead(head, offices.get(head.chain, "")) for head in rows]


def tell_findings(actor: Actor, verification: Verification) -> list[ToldFinding]:
    """Return what a check found in the chains of the actor's offices."""
    told = {str(office) for office in actor.offices_for(VIEW_EVENTS)} | {str(NO_OFFICE)}
    found = [finding for finding in verification.findings if finding["chain"] in told]
    offices = directory().name_offices({UUID(finding["chain"]) for finding in found})
    return [
        ToldFinding(
            offices.get(UUID(finding["chain"]), ""),
            str(DAMAGES[finding["kind"]]),
            finding["seq"] or 0,
            finding["until"] or 0,
        )
        for finding in found
    ]
