"""The queue of job titles: decided once, for every offer that bears the title."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from puente.audit.services import record_event
from puente.opportunities.imports.interpret import Findings
from puente.opportunities.models import Occupation, Opening, TitleDecision
from puente.opportunities.policies import EDIT_OPENINGS, require_right
from puente.opportunities.verbs import TITLE_DECIDED, TITLE_SET_ASIDE
from puente.platform.policy import Actor, Purpose

_COUNT_OFFERS = """
UPDATE opportunities_titledecision AS t SET offers = counted.offers
FROM (SELECT title_key, count(*) AS offers FROM opportunities_opening
      WHERE title_key = ANY (%s) GROUP BY title_key) AS counted
WHERE t.title_key = counted.title_key
"""


def queue_titles(*, findings: Findings, now: datetime) -> None:
    """Queue the titles of a file that no occupation is near to, or two are equally near; part of its load."""
    titles = dict(findings.close_titles)
    nothing_near = {d.title_key: d.title for d in findings.drafts if d.occupation_state == "queued"}
    TitleDecision.objects.bulk_create(
        [
            TitleDecision(title_key=key, title=title, two_are_near=key not in nothing_near, queued_at=now)
            for key, title in (titles | nothing_near).items()
        ],
        ignore_conflicts=True,
    )
    count_offers([*titles, *nothing_near])


def queue_title(*, title_key: str, title: str, now: datetime) -> None:
    """Queue one title, of an opening that was written down without an occupation."""
    TitleDecision.objects.get_or_create(title_key=title_key, defaults={"title": title, "queued_at": now})
    count_offers([title_key])


def count_offers(title_keys: list[str]) -> None:
    """Bring up to date how many offers bear each title."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_OFFERS, [title_keys])


@transaction.atomic
def decide_title(*, actor: Actor, title_id: UUID, code: str, now: datetime) -> int:
    """Give an occupation to all offers that bear a title, now and in later imports; returns how many changed.

    Offers whose occupation a person chose one by one keep it. Raises Occupation.DoesNotExist.
    """
    require_right(actor, EDIT_OPENINGS)
    occupation = Occupation.objects.get(pk=code)
    title = TitleDecision.objects.select_for_update().get(pk=title_id)
    title.state, title.occupation = TitleDecision.State.DECIDED, occupation
    title.decided_at, title.decided_by = now, actor.id
    title.save()
    changed = (
        Opening.objects.filter(title_key=title.title_key)
        .exclude(held_fields__contains=["occupation"])
        .update(occupation=occupation, occupation_state="confirmed", updated_at=now, updated_by=actor.id)
    )
    _record(actor, TITLE_DECIDED, title, {"occupation": code, "offers": changed})
    return changed


@transaction.atomic
def set_title_aside(*, actor: Actor, title_id: UUID, now: datetime) -> None:
    """Take a title out of the queue that says too little to be coded; its offers stay as they are."""
    require_right(actor, EDIT_OPENINGS)
    title = TitleDecision.objects.select_for_update().get(pk=title_id)
    title.state, title.occupation = TitleDecision.State.SET_ASIDE, None
    title.decided_at, title.decided_by = now, actor.id
    title.save()
    _record(actor, TITLE_SET_ASIDE, title, {})


def _record(actor: Actor, verb: str, title: TitleDecision, detail: dict[str, object]) -> None:
    record_event(
        actor=actor, verb=verb, record_type="title", record_id=title.pk, purpose=Purpose.ADMINISTRATION, detail=detail
    )
