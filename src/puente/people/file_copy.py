"""What people holds of a person, for the copy of their file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from puente.audit.selectors import list_openings
from puente.offices.models import Office
from puente.people.catalogue import consent_capacities, consent_means
from puente.people.file_parts import FileEntry
from puente.people.opening import OpenedPerson
from puente.people.panels import DECISIONS, REASONS, PlaceNames, describe_facts, describe_phones
from puente.people.sealed import IdentityDocument
from puente.people.selectors import list_consent_texts, list_decisions, list_group_members, list_versions
from puente.people.services.budgets import OPENED
from puente.platform.policy import Actor

#: Parts of the identity that speak of others.
OF_OTHERS = ("family_contact", "mother")


def read_identity(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return every version of who the person is, without what it says of relatives and others."""
    versions = list_versions(opened)[::-1]
    places = PlaceNames.of([version.facts for version in versions])
    entries = []
    for version in versions:
        identity = leave_out_others(version.identity)
        shown = [*describe_facts(identity, version.facts, places), *describe_phones(identity)]
        data = {name: value for name, value in identity.to_json().items() if name not in OF_OTHERS}
        entries.append(
            FileEntry(
                _("Version %(number)s") % {"number": version.number} + f" · {REASONS.get(version.reason, '')}",
                version.made_at,
                [(str(name), text) for name, text in shown if text],
                data | {"facts": version.facts, "version": version.number, "reason": version.reason},
            )
        )
    return entries


def leave_out_others(identity: IdentityDocument) -> IdentityDocument:
    """Return an identity without relatives, and without the phones of other people."""
    own = tuple(phone for phone in identity.phones if phone.owner == "self")
    return replace(identity, mother="", family_contact="", phones=own)


def read_consents(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return every decision on a consent; witnesses are left out."""
    labels = {text.purpose: text.label for text in list_consent_texts()}
    means, capacities = consent_means(), consent_capacities()
    entries = []
    for told in list_decisions(actor, opened)[::-1]:
        row = told.decision
        facts = [
            (_("Decision"), str(DECISIONS[row.decision])),
            (_("How"), means[row.means].label if row.means in means else ""),
            (_("Who decided"), capacities[row.capacity].label if row.capacity in capacities else ""),
            (_("Words"), f"{row.text_version} ({row.language})"),
        ]
        data: dict[str, Any] = {
            "purpose": row.purpose, "decision": row.decision, "means": row.means, "capacity": row.capacity,
            "text_version": row.text_version, "language": row.language, "interpreter": row.has_interpreter,
        }  # fmt: skip
        entries.append(FileEntry(labels.get(row.purpose, row.purpose), row.decided_at, facts, data))
    return entries


def read_group(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return that the person travels in a group of so many; who the others are is theirs."""
    members = list_group_members(actor, opened.person.pk)
    if not members:
        return []
    facts = [(_("People in the group"), str(len(members)))]
    joined = next(member.joined_at for member in members if member.person_id == opened.person.pk)
    return [FileEntry(_("Travels with others"), joined, facts, {"people": len(members)})]


def read_openings(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return when the file was opened, for what and in which office; members of staff are not named."""
    offices = {office.pk: office.label for office in Office.objects.all()}
    return [
        FileEntry(
            _("Opened for: %(purpose)s") % {"purpose": opening.purpose},
            opening.at,
            [(_("Office"), offices.get(opening.office_id, ""))] if opening.office_id else [],
            {"purpose": opening.purpose, "office": str(opening.office_id or ""), "times": opening.times},
        )
        for opening in list_openings(actor, person_id=opened.person.pk)[::-1]
        if opening.verb == OPENED
    ]
