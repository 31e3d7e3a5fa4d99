"""Terms of keeping: changing the rules, counting what is due, proposing and carrying out."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.offices.models import Office
from puente.platform.policy import Actor, NotAllowed, Purpose, require_in_office
from puente.platform.row_security import acting_as
from puente.rights.models import (
    Deadline,
    Erasure,
    Holiday,
    RetentionCount,
    RetentionItem,
    RetentionRule,
    RetentionRun,
)
from puente.rights.policies import EDIT_RETENTION, ERASE_PERSON, PROPOSE_RETENTION, VIEW_RETENTION, counting_actor
from puente.rights.selectors.retention import count_due, find_due, find_people_due, needs_second_person, subtract_months
from puente.rights.services.erasures import coarsen_person, erase_person

RULE_CHANGED = register_verb("retention.rule_changed", gettext_noop("changed how long something is kept"))
DEADLINE_CHANGED = register_verb("rights.deadline_changed", gettext_noop("changed a term of the law"))
HOLIDAYS_CHANGED = register_verb("rights.holidays_changed", gettext_noop("changed the days on which no term runs"))
PROPOSED = register_verb("retention.proposed", gettext_noop("proposed to erase what is past its time"))
DROPPED = register_verb("retention.dropped", gettext_noop("dropped a proposal to erase"))
CARRIED_OUT = register_verb("retention.carried_out", gettext_noop("erased what was past its time"))

#: What is forgotten whole, office by office, by a function of the room that keeps it.
FORGET = {
    RetentionRule.Subject.LISTS: "puente_forget_lists",
    RetentionRule.Subject.PHONE_PAGES: "puente_forget_phone_pages",
    RetentionRule.Subject.SEARCHES: "puente_forget_searches",
}


class RunImpossible(Exception):
    """The step cannot be taken as things stand; `code` says why, for the page's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def change_rule(
    *, actor: Actor, code: str, months: int | None, act: str, source: str, is_checked: bool, now: datetime
) -> RetentionRule:
    """Change how long something is kept and what happens then; a waiting proposal by the old rule is dropped.

    Args:
        months: None: nothing is due by itself.
        act: one of `RetentionRule.Act`; only people can be made broad.
        source: where the term comes from.
        is_checked: that somebody answers for it; until then it is shown as a proposal.

    Raises:
        NotAllowed; RunImpossible: only_people, no_source.
    """
    _require(actor, EDIT_RETENTION.name, bool(actor.offices_for(EDIT_RETENTION)))
    rule = RetentionRule.objects.select_for_update().get(pk=code)
    if act == RetentionRule.Act.COARSEN and not rule.is_about_people:
        raise RunImpossible("only_people")
    if is_checked and not source.strip():
        raise RunImpossible("no_source")
    before = [rule.months, rule.act, rule.is_checked]
    rule.months, rule.act, rule.source, rule.is_checked = months, RetentionRule.Act(act), source.strip(), is_checked
    rule.changed_at, rule.changed_by = now, actor.id
    rule.save()
    RetentionRun.objects.filter(rule=rule, state=RetentionRun.State.PROPOSED).update(
        state=RetentionRun.State.DROPPED, ended_at=now, ended_by=actor.id
    )
    _record(actor, RULE_CHANGED, now, detail={"rule": code, "before": before, "after": [months, act, is_checked]})
    return rule


@transaction.atomic
def change_deadline(
    *, actor: Actor, code: str, working_days: int, source: str, is_checked: bool, now: datetime
) -> Deadline:
    """Change a term of the law; requests that run keep the day they were given. Raises NotAllowed."""
    _require(actor, EDIT_RETENTION.name, bool(actor.offices_for(EDIT_RETENTION)))
    deadline = Deadline.objects.select_for_update().get(pk=code)
    before = [deadline.working_days, deadline.is_checked]
    deadline.working_days, deadline.source, deadline.is_checked = working_days, source.strip(), is_checked
    deadline.changed_at, deadline.changed_by = now, actor.id
    deadline.save()
    _record(actor, DEADLINE_CHANGED, now, detail={"term": code, "before": before, "after": [working_days, is_checked]})
    return deadline


@transaction.atomic
def add_holiday(*, actor: Actor, day: date, label: str, now: datetime) -> None:
    """Let no term run on a day. Raises NotAllowed."""
    _require(actor, EDIT_RETENTION.name, bool(actor.offices_for(EDIT_RETENTION)))
    Holiday.objects.update_or_create(
        day=day, defaults={"label_es": label, "label_en": label, "label_fr": label, "is_removed": False}
    )
    _record(actor, HOLIDAYS_CHANGED, now, detail={"added": day.isoformat()})


@transaction.atomic
def remove_holiday(*, actor: Actor, day: date, now: datetime) -> None:
    """Let terms run on a day again. Raises NotAllowed."""
    _require(actor, EDIT_RETENTION.name, bool(actor.offices_for(EDIT_RETENTION)))
    Holiday.objects.filter(day=day).update(is_removed=True)
    _record(actor, HOLIDAYS_CHANGED, now, detail={"removed": day.isoformat()})


def count_all(*, now: datetime) -> int:
    """Count what is past its time in every office: what the nightly job does. Returns how much there is in all."""
    offices = list(Office.objects.values_list("pk", flat=True))
    with acting_as(counting_actor(offices)):
        return sum(_count(rule, office_id, now) for office_id in offices for rule in RetentionRule.objects.all())


def count_office(*, actor: Actor, office_id: UUID, now: datetime) -> int:
    """Count again what is past its time in one office, and change nothing else. Raises NotAllowed."""
    require_in_office(actor, VIEW_RETENTION, office_id)
    with acting_as(counting_actor([office_id])):
        return sum(_count(rule, office_id, now) for rule in RetentionRule.objects.all())


@transaction.atomic
def propose_run(*, actor: Actor, office_id: UUID, code: str, now: datetime) -> RetentionRun:
    """Propose that what is past the time of one rule be erased; the list of people is fixed now.

    Raises:
        NotAllowed; RunImpossible: nothing_due, proposed_already, not_automatic.
    """
    require_in_office(actor, PROPOSE_RETENTION, office_id)
    rule = RetentionRule.objects.get(pk=code)
    if rule.months is None:
        raise RunImpossible("not_automatic")
    if RetentionRun.objects.filter(office_id=office_id, rule=rule, state=RetentionRun.State.PROPOSED).exists():
        raise RunImpossible("proposed_already")
    with acting_as(counting_actor([office_id])):
        _count(rule, office_id, now)
        due = list(find_due(rule, office_id, now).values_list("pk", flat=True))
    if not due:
        raise RunImpossible("nothing_due")
    run = RetentionRun.objects.create(
        office_id=office_id, rule=rule, act=rule.act, months=rule.months, counted=len(due), proposed_at=now,
        proposed_by=actor.id,
    )  # fmt: skip
    if rule.is_about_people:
        RetentionItem.objects.bulk_create(
            [RetentionItem(run=run, person_id=person_id, office_id=office_id) for person_id in due], batch_size=1000
        )
    _record(actor, PROPOSED, now, office_id, run.pk, {"rule": code, "number": len(due)})
    return run


@transaction.atomic
def drop_run(*, actor: Actor, run_id: UUID, now: datetime) -> RetentionRun:
    """Drop a proposal. Raises NotAllowed; RunImpossible: not_proposed."""
    run = _lock_run(actor, run_id)
    run.state, run.ended_at, run.ended_by = RetentionRun.State.DROPPED, now, actor.id
    run.save(update_fields=["state", "ended_at", "ended_by"])
    _record(actor, DROPPED, now, run.office_id, run.pk, {"rule": run.rule_id})
    return run


@transaction.atomic
def carry_out_run(*, actor: Actor, run_id: UUID, now: datetime) -> RetentionRun:
    """Erase, or make broad, what a run proposed, as far as it is still past its time.

    Whoever came back, or asked for a right, since it was proposed is left alone.

    Raises:
        NotAllowed; RunImpossible: not_proposed, second_person. LedgerBroken.
    """
    run = _lock_run(actor, run_id)
    require_in_office(actor, ERASE_PERSON, run.office_id)
    if needs_second_person(run) and actor.id == run.proposed_by:
        raise RunImpossible("second_person")
    run.done = _act_on_people(actor, run, now) if run.rule.is_about_people else _forget(run, now)
    run.state, run.ended_at, run.ended_by = RetentionRun.State.CARRIED_OUT, now, actor.id
    run.save(update_fields=["state", "ended_at", "ended_by", "done"])
    _record(actor, CARRIED_OUT, now, run.office_id, run.pk, {"rule": run.rule_id, "number": run.done})
    with acting_as(counting_actor([run.office_id])):
        _count(run.rule, run.office_id, now)
    return run


def _act_on_people(actor: Actor, run: RetentionRun, now: datetime) -> int:
    proposed = list(RetentionItem.objects.filter(run=run).values_list("person_id", flat=True))
    with acting_as(counting_actor([run.office_id])):
        still_due = find_people_due(run.rule, run.office_id, subtract_months(now, run.months), now.date())
        due = set(still_due.filter(pk__in=proposed).values_list("pk", flat=True))
    act: dict[str, Callable[[UUID], None]] = {
        RetentionRule.Act.ERASE: lambda person_id: erase_person(
            actor=actor, person_id=person_id, reason=Erasure.Reason.RETENTION, purpose=Purpose.ADMINISTRATION, now=now
        ),
        RetentionRule.Act.COARSEN: lambda person_id: coarsen_person(
            actor=actor, person_id=person_id, purpose=Purpose.ADMINISTRATION, now=now
        ),
    }
    chosen = [person_id for person_id in proposed if person_id in due]
    for person_id in chosen:
        act[run.act](person_id)
    return len(chosen)


def _forget(run: RetentionRun, now: datetime) -> int:
    with connection.cursor() as cursor:
        function = FORGET[RetentionRule.Subject(run.rule_id)]
        cursor.execute(f"SELECT {function}(%s, %s)", [run.office_id, subtract_months(now, run.months)])
        return int(cursor.fetchone()[0])


def _count(rule: RetentionRule, office_id: UUID, now: datetime) -> int:
    due = count_due(rule, office_id, now)
    RetentionCount.objects.update_or_create(office_id=office_id, rule=rule, defaults={"due": due, "counted_at": now})
    return due


def _lock_run(actor: Actor, run_id: UUID) -> RetentionRun:
    run = (
        RetentionRun.objects.visible_to(actor, VIEW_RETENTION)
        .select_related("rule")
        .select_for_update(of=("self",))
        .filter(pk=run_id)
        .first()
    )
    if run is None:
        raise NotAllowed(VIEW_RETENTION.name)
    if run.state != RetentionRun.State.PROPOSED:
        raise RunImpossible("not_proposed")
    return run  # type: ignore[no-any-return]


def _require(actor: Actor, name: str, holds: bool) -> None:
    if not holds:
        raise NotAllowed(name)


def _record(
    actor: Actor, verb: str, now: datetime, office_id: UUID | None = None, record_id: UUID | None = None,
    detail: dict[str, object] | None = None,
) -> None:  # fmt: skip
    record_event(
        actor=actor, verb=verb, record_type="retention", record_id=record_id, office_id=office_id,
        purpose=Purpose.ADMINISTRATION, at=now, detail=detail,
    )  # fmt: skip
