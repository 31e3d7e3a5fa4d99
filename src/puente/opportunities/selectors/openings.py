"""Lists of openings, employers, titles and imports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from puente.accounts.models import User
from puente.engines.occupations.text import fold
from puente.opportunities.models import Employer, ImportBatch, ImportRow, Opening, TitleDecision
from puente.opportunities.models.openings import EmployerNote, OpeningQuerySet
from puente.opportunities.policies import IMPORT_OPENINGS, VIEW_OPENINGS, require_right
from puente.platform.policy import Actor

NEWEST_FIRST = ("-valid_from", "id")
MOST_ALIKE = 20


@dataclass(frozen=True)
class OpeningFilter:
    """What a list of openings is narrowed to. standing: open, closed or all."""

    words: str = ""
    kind: str = ""
    state: str = ""
    standing: str = "open"
    lacking: str = ""
    employer_id: UUID | None = None
    title_key: str = ""

    def narrow(self, openings: OpeningQuerySet, day: date) -> OpeningQuerySet:
        """Return the openings of this filter."""
        found = openings
        if self.standing == "open":
            found = found.open_on(day)
        elif self.standing == "closed":
            found = found.closed_on(day)
        if self.lacking == "municipality":
            found = found.filter(municipality__isnull=True)
        elif self.lacking == "occupation":
            found = found.filter(occupation__isnull=True)
        for name in ("kind", "employer_id", "title_key"):
            if value := getattr(self, name):
                found = found.filter(**{name: value})
        if self.state:
            found = found.filter(state_id=self.state)
        for word in fold(self.words).split():
            found = found.filter(search_text__contains=word)
        return found


def list_openings(actor: Actor, wanted: OpeningFilter, day: date) -> OpeningQuerySet:
    """Return the openings of a filter with what a list shows of them; order and page are the caller's."""
    require_right(actor, VIEW_OPENINGS)
    return wanted.narrow(Opening.objects.all(), day).select_related(
        "employer", "municipality__state", "state", "occupation", "source"
    )


def count_openings(actor: Actor, day: date) -> dict[str, int]:
    """Return how many openings each pill of the list stands for, in one reading of the table."""
    require_right(actor, VIEW_OPENINGS)
    is_open = Q(is_open=True) & (Q(valid_until__isnull=True) | Q(valid_until__gte=day))
    counts = {
        "all": Count("pk"),
        "open": Count("pk", filter=is_open),
        "municipality": Count("pk", filter=is_open & Q(municipality__isnull=True)),
        "occupation": Count("pk", filter=is_open & Q(occupation__isnull=True)),
    }
    counts |= {kind.value: Count("pk", filter=is_open & Q(kind=kind)) for kind in Opening.Kind}
    found: dict[str, int] = Opening.objects.aggregate(**counts)
    return found | {"closed": found["all"] - found["open"]}


def get_opening(actor: Actor, opening_id: UUID) -> Opening:
    """Return one opening with all its page shows; raises Opening.DoesNotExist."""
    require_right(actor, VIEW_OPENINGS)
    return Opening.objects.select_related(
        "employer__municipality__state", "municipality__state", "state", "occupation__main_group", "source"
    ).get(pk=opening_id)


def get_openings(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Opening]:
    """Return openings by their ids, with what a shortlist shows of them."""
    require_right(actor, VIEW_OPENINGS)
    return Opening.objects.select_related("employer", "municipality__state", "state", "occupation", "source").in_bulk(
        list(ids)
    )


def find_alike(actor: Actor, opening: Opening) -> list[Opening]:
    """Return other openings of the same employer, title, place and wage."""
    require_right(actor, VIEW_OPENINGS)
    alike = Opening.objects.filter(duplicate_key=opening.duplicate_key).exclude(pk=opening.pk)
    return list(alike.select_related("source").order_by(*NEWEST_FIRST)[:MOST_ALIKE])


def list_employers(actor: Actor, words: str = "", trust: str = "") -> QuerySet[Employer]:
    """Return employers with the number of their openings; by `name_key`."""
    require_right(actor, VIEW_OPENINGS)
    found = Employer.objects.select_related("municipality__state")
    if trust:
        found = found.filter(trust=trust)
    for word in fold(words).split():
        found = found.filter(name_key__contains=word)
    return found


def count_openings_of(actor: Actor, employers: Iterable[Employer], day: date) -> dict[UUID, int]:
    """Return how many open openings each of some employers has."""
    require_right(actor, VIEW_OPENINGS)
    counted = (
        Opening.objects.open_on(day)
        .filter(employer__in=[employer.pk for employer in employers])
        .values_list("employer")
        .annotate(number=Count("pk"))
    )
    return dict(counted.order_by())


def list_titles(actor: Actor, *, two_are_near: bool) -> QuerySet[TitleDecision]:
    """Return the titles that wait for a decision: most offers first."""
    require_right(actor, VIEW_OPENINGS)
    return TitleDecision.objects.filter(state=TitleDecision.State.QUEUED, two_are_near=two_are_near)


def count_titles(actor: Actor) -> dict[bool, int]:
    """Return how many titles wait, by whether two occupations are near."""
    require_right(actor, VIEW_OPENINGS)
    waiting = TitleDecision.objects.filter(state=TitleDecision.State.QUEUED)
    counted = dict(waiting.values_list("two_are_near").annotate(number=Count("pk")).order_by())
    return {two_are_near: counted.get(two_are_near, 0) for two_are_near in (False, True)}


def list_batches(actor: Actor) -> QuerySet[ImportBatch]:
    """Return the imports."""
    require_right(actor, IMPORT_OPENINGS)
    return ImportBatch.objects.select_related("source")


def get_batch(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Return one import; raises ImportBatch.DoesNotExist."""
    return list_batches(actor).get(pk=batch_id)


def count_rows(actor: Actor, batch: ImportBatch) -> dict[str, int]:
    """Return how many rows of the report of an import there are of each kind."""
    require_right(actor, IMPORT_OPENINGS)
    return dict(ImportRow.objects.filter(batch=batch).values_list("kind").annotate(number=Count("pk")).order_by())


def find_employer(employer_id: UUID) -> Employer | None:
    """Return an employer with the place they hire in."""
    return Employer.objects.select_related("municipality__state").filter(pk=employer_id).first()


def name_writers(notes: Iterable[EmployerNote]) -> dict[UUID, User]:
    """Return who wrote notes, by id."""
    return User.objects.in_bulk({note.made_by for note in notes})


def find_title(title_id: UUID) -> TitleDecision | None:
    """Return a title of the queue or one that was decided."""
    return TitleDecision.objects.filter(pk=title_id).first()


def find_next_title(title: TitleDecision) -> TitleDecision | None:
    """Return the title to decide after another, of the same kind of doubt, the most offers first."""
    queued = TitleDecision.objects.filter(state=TitleDecision.State.QUEUED, two_are_near=title.two_are_near)
    return queued.order_by("-offers", "id").first()


def list_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Return what an import has to say of single rows of its file."""
    return ImportRow.objects.filter(batch=batch)
