"""What counselling holds of a person, for the copy of their file.

Where the person must never be sent is left out: on paper it could lead somebody there.
"""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puente.counselling.models import Choice, Introduction, Outcome, Sheet
from puente.counselling.policies import VIEW_INTRODUCTIONS, VIEW_PROFILE
from puente.counselling.profile_page import describe_body, describe_jobs, describe_means, describe_wishes
from puente.counselling.sealed import unseal_introduction, unseal_outcome_note
from puente.counselling.selectors.profiles import read_profiles as list_profiles
from puente.opportunities.models import Opening
from puente.people.file_parts import FileEntry
from puente.people.opening import OpenedPerson
from puente.platform.policy import Actor
from puente.web.templatetags.components import money


def read_profiles(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return every version of the work profile."""
    entries = []
    for profile in list_profiles(actor, opened.person.pk, opened.data_key):
        jobs = [" · ".join(filter(None, [line.words, line.title, line.experience])) for line in describe_jobs(profile)]
        facts = [
            (_("Work done"), "; ".join(jobs)),
            (_("Where"), "; ".join(job.employer for job in profile.facts.jobs if job.employer)),
            *((fact.name, fact.words) for fact in describe_wishes(profile.facts)),
            *((fact.name, fact.words) for fact in describe_means(profile.facts)),
            (_("What the body cannot do for now"), describe_body(profile.facts)),
        ]
        data = asdict(profile.facts)
        del data["never_send"]
        title = _("Version %(number)s") % {"number": profile.version}
        made_at = profile.row.made_at if profile.row else None
        entries.append(FileEntry(title, made_at, [row for row in facts if row[1]], data))
    return entries


def read_choices(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return what the person chose, and the sheets that they were given."""
    choices = Choice.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=opened.person.pk)
    rows = list(choices.select_related("shortlist").order_by("made_at", "id"))
    titles = _title_openings({opening for row in rows for opening in row.openings})
    entries = []
    for row in rows:
        chosen = [titles.get(opening, "") for opening in row.openings]
        facts = [
            (_("Ranked out of"), str(row.shortlist.open_count)),
            (_("Chosen"), "; ".join(filter(None, chosen))),
            (_("Why none"), str(row.get_why_none_display()) if row.why_none else ""),
        ]
        data = {"openings": [str(opening) for opening in row.openings], "why_none": row.why_none}
        entries.append(FileEntry(_("Choice"), row.made_at, [fact for fact in facts if fact[1]], data))
    for sheet in Sheet.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=opened.person.pk).order_by("made_at"):
        entries.append(FileEntry(_("Sheet of options"), sheet.made_at, [], {"language": sheet.language}))
    return entries


def read_introductions(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return each introduction: exactly what the employer was told, and what became of it."""
    rows = (
        Introduction.objects.visible_to(actor, VIEW_INTRODUCTIONS)
        .filter(person_id=opened.person.pk)
        .select_related("opening", "employer")
        .prefetch_related("events")
        .order_by("made_at", "id")
    )
    entries = []
    for row in rows:
        sent = unseal_introduction(opened.data_key, row.pk, row.sealed)
        events = sorted(row.events.all(), key=lambda event: (event.at, event.pk))
        told = [str(sent[name]) for name in ("name", "trade", "phone") if sent.get(name)]
        happened = [
            f"{formats.date_format(timezone.localtime(event.at), 'SHORT_DATE_FORMAT')} {event.get_state_display()}"
            for event in events
        ]
        facts = [
            (_("Employer"), row.employer.name),
            (_("What they were told"), " · ".join(told)),
            (_("By"), str(row.get_channel_display())),
            (_("What happened"), "; ".join(happened)),
        ]
        data = {
            "sent": sent, "channel": row.channel, "employer": row.employer.name,
            "events": [{"at": event.at.isoformat(), "state": event.state, "wage": event.wage} for event in events],
        }  # fmt: skip
        entries.append(FileEntry(row.opening.title, row.made_at, facts, data))
    return entries


def read_outcomes(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return what the person answered in follow-ups."""
    rows = Outcome.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=opened.person.pk).order_by("at", "id")
    entries = []
    for row in rows:
        note = unseal_outcome_note(opened.data_key, row.pk, row.sealed)
        facts = [
            (_("Work"), str(row.get_work_display())),
            (_("Wage a month"), money(row.wage) if row.wage is not None else ""),
            (_("In your words"), note),
        ]
        title = ngettext("After %(number)s month", "After %(number)s months", row.month) % {"number": row.month}
        data = {"month": row.month, "work": row.work, "wage": row.wage, "note": note}
        entries.append(FileEntry(title, row.at, [fact for fact in facts if fact[1]], data))
    return entries


def _title_openings(ids: set[UUID]) -> dict[UUID, str]:
    rows = Opening.objects.filter(pk__in=ids).select_related("employer")
    return {row.pk: ", ".join(filter(None, [row.title, row.employer.name if row.employer else ""])) for row in rows}
