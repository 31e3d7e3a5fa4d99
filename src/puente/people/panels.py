"""What the parts of a person's page show: facts, phones with their rule, consents, versions, the family.

`templates/people/_identity.html` and its neighbours draw it; the person's page of the desk includes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from puente.engines.curp import CurpState
from puente.engines.identity.birth import PartialDate, Precision
from puente.engines.identity.evidence import mask_phone
from puente.engines.identity.names import PersonName, display_name, list_name
from puente.offices.models import Country, Municipality
from puente.people.catalogue import document_types, languages
from puente.people.curp_words import STATES as CURP_STATES
from puente.people.evidence import SEXES, Words, describe_birth, describe_unknown
from puente.people.models import ConsentDecision, ConsentText, Identity, Person, TravelGroupMember
from puente.people.opening import OpenedPerson, birth_of
from puente.people.sealed import IdentityDocument, PaperDocument, Phone
from puente.people.selectors import (
    Contact,
    ContactRule,
    Version,
    contact_rule,
    list_consent_texts,
    list_consents,
    list_group_members,
    list_versions,
    name_people,
    name_states,
)
from puente.platform.policy import Actor

REASONS: dict[str, Words] = {
    Identity.Reason.REGISTERED: gettext_lazy("Registered"),
    Identity.Reason.CORRECTED: gettext_lazy("Corrected"),
    Identity.Reason.SAID: gettext_lazy("The person said so"),
    Identity.Reason.PAPER: gettext_lazy("A paper showed it"),
    Identity.Reason.SLIP: gettext_lazy("It was written down wrongly"),
    Identity.Reason.RIGHTS: gettext_lazy("The person asked for it in writing"),
}
RELATIONS: dict[str, Words] = {
    TravelGroupMember.Relation.FIRST: gettext_lazy("First of the group"),
    TravelGroupMember.Relation.PARTNER: gettext_lazy("Partner"),
    TravelGroupMember.Relation.CHILD: gettext_lazy("Daughter or son"),
    TravelGroupMember.Relation.PARENT: gettext_lazy("Mother or father"),
    TravelGroupMember.Relation.SIBLING: gettext_lazy("Sister or brother"),
    TravelGroupMember.Relation.RELATIVE: gettext_lazy("Another relative"),
    TravelGroupMember.Relation.OTHER: gettext_lazy("No relative"),
}
DECISIONS: dict[str, Words] = {
    ConsentDecision.Decision.GIVEN: gettext_lazy("given"),
    ConsentDecision.Decision.REFUSED: gettext_lazy("refused"),
    ConsentDecision.Decision.WITHDRAWN: gettext_lazy("withdrawn"),
}
CONTACT: dict[Contact, Words] = {
    Contact.MAY_CALL: gettext_lazy("Yes, on the first number"),
    Contact.ASK_FIRST: gettext_lazy("Only with care: first find out who answers"),
    Contact.NEVER: gettext_lazy("Never. A call may put somebody in danger"),
    Contact.NO_PHONE: gettext_lazy("There is no number"),
}
SAFETIES: dict[str, Words] = {
    "yes": gettext_lazy("safe to call"),
    "ask": gettext_lazy("ask first"),
    "never": gettext_lazy("never call"),
}
OWNERS: dict[str, Words] = {
    "self": gettext_lazy("The person"),
    "family": gettext_lazy("Family"),
    "other": gettext_lazy("Somebody else"),
}


@dataclass(frozen=True)
class ShownPhone:
    """A phone, masked until somebody asks for it, with what must be known before calling."""

    number: str = field(repr=False)
    masked: str = field(repr=False)
    owner: Words = field(repr=False)
    safety: str
    safety_words: Words
    instructions: str = field(repr=False)


@dataclass(frozen=True)
class ContactPanel:
    """ "Before calling": the answer first, then the numbers."""

    contact: Contact
    words: Words
    phones: Sequence[ShownPhone]


@dataclass(frozen=True)
class ShownConsent:
    """The state of one purpose; `decision` is "" where nothing was decided yet."""

    text: ConsentText
    decision: str
    words: Words
    decided_at: datetime | None


@dataclass(frozen=True)
class Change:
    """One field that a version changed."""

    name: Words
    before: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True)
class ShownVersion:
    """One version: who, when, why, and what it changed from the one before."""

    number: int
    made_at: datetime
    made_by: str
    reason: Words
    changes: Sequence[Change]


@dataclass(frozen=True)
class ShownMember:
    """Somebody who travels along; without a name where the file may not be opened here."""

    person_id: Any
    name: str = field(repr=False)
    relation: Words
    is_this_person: bool


@dataclass(frozen=True)
class IdentityPanel:
    """Everything the person's page shows of who they are."""

    person: Person
    title: str = field(repr=False)
    preferred: str = field(repr=False)
    age: str
    facts: Sequence[tuple[Words, str]] = field(repr=False)
    contact: ContactPanel
    consents: Sequence[ShownConsent]
    versions: Sequence[ShownVersion] = field(repr=False)
    members: Sequence[ShownMember]


def build_panel(actor: Actor, opened: OpenedPerson, today: date) -> IdentityPanel:
    """Return what the parts show of an opened person."""
    person, identity = opened.person, opened.identity
    versions = list_versions(opened)
    places = _Places.of([person.__dict__, *(version.facts for version in versions)])
    return IdentityPanel(
        person=person,
        title=display_name(identity.name) or describe_unknown(),
        preferred=identity.name.preferred,
        age=describe_age(birth_of(person, identity), today),
        facts=[(name, text) for name, text in describe_facts(identity, _facts_of(person), places) if text],
        contact=build_contact(contact_rule(identity)),
        consents=build_consents(actor, opened),
        versions=build_versions(versions, places),
        members=build_members(actor, person),
    )


def build_contact(rule: ContactRule) -> ContactPanel:
    """Return the phones with the rule before them; those never to call stand last and are named as such."""
    return ContactPanel(
        rule.contact, CONTACT[rule.contact], [_show_phone(phone) for phone in (*rule.phones, *rule.never)]
    )


def build_consents(actor: Actor, opened: OpenedPerson) -> list[ShownConsent]:
    """Return the state of each purpose, in the order in which they are asked."""
    latest = list_consents(actor, opened.person.pk)
    shown = []
    for text in list_consent_texts():
        decision = latest.get(text.purpose)
        words = DECISIONS[decision.decision] if decision else _("not decided")
        shown.append(
            ShownConsent(text, decision.decision if decision else "", words, decision.decided_at if decision else None)
        )
    return shown


def build_members(actor: Actor, person: Person) -> list[ShownMember]:
    """Return with whom a person travels."""
    members = list_group_members(actor, person.pk)
    names = name_people(actor, [member.person_id for member in members])
    return [
        ShownMember(
            member.person_id,
            list_name(names[member.person_id]) or describe_unknown() if member.person_id in names else "",
            RELATIONS[member.relation],
            member.person_id == person.pk,
        )
        for member in members
    ]


def build_versions(versions: Sequence[Version], places: "_Places") -> list[ShownVersion]:
    """Return every version with what it changed, the newest first."""
    shown = []
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        changes = [] if before is None else list(_find_changes(before, version, places))
        reason = REASONS.get(version.reason, version.reason)
        shown.append(ShownVersion(version.number, version.made_at, version.made_by, reason, changes))
    return shown


def describe_age(birth: PartialDate | None, today: date) -> str:
    """Return the age in years as far as the birth date tells it: "34 years", "33 or 34 years", "about 60 years"."""
    if birth is None:
        return ""
    oldest = today.year - birth.year
    if birth.precision is Precision.ESTIMATED:
        return ngettext("about %(age)s year", "about %(age)s years", oldest) % {"age": oldest}
    if birth.month is not None and (birth.day is not None or birth.month != today.month):
        age = oldest - ((today.month, today.day) < (birth.month, birth.day or 1))
        return ngettext("%(age)s year", "%(age)s years", age) % {"age": age}
    if oldest == 0:
        return _("less than a year")
    return _("%(youngest)s or %(oldest)s years") % {"youngest": oldest - 1, "oldest": oldest}


@dataclass(frozen=True)
class _Places:
    """Names of the places that some facts speak of, read at once."""

    states: dict[str, str]
    countries: dict[str, str]
    municipalities: dict[str, str]

    @classmethod
    def of(cls, facts: Sequence[dict[str, Any]]) -> "_Places":
        def codes(*names: str) -> set[str]:
            return {row[name] for row in facts for name in names if row.get(name)}

        wanted = Municipality.objects.select_related("state").filter(pk__in=codes("home_municipality_id"))
        countries = Country.objects.filter(pk__in=codes("birth_country_id", "nationality_id"))
        return cls(
            name_states(),
            {country.pk: str(country) for country in countries},
            {one.pk: str(one) for one in wanted},
        )


def describe_facts(identity: IdentityDocument, facts: dict[str, Any], places: _Places) -> list[tuple[Words, str]]:
    """Return every fact about who somebody is as (name, text), "" where it is not known."""
    return [
        (_("Name"), display_name(identity.name)),
        (_("Name as said"), identity.as_said),
        (_("Wants to be called"), identity.name.preferred),
        (_("Other names"), "; ".join(filter(None, map(display_name, identity.aliases)))),
        (_("How to recognise the person"), identity.description),
        (_("Birth date"), _describe_birth(identity, facts)),
        (_("Sex"), str(SEXES.get(facts.get("sex", ""), ""))),
        (_("Born in"), _join(places.states.get(facts.get("birth_state_id") or ""),
                             places.countries.get(facts.get("birth_country_id") or ""))),
        (_("Nationality"), places.countries.get(facts.get("nationality_id") or "", "")),
        (_("Home"), places.municipalities.get(facts.get("home_municipality_id") or "")
            or places.states.get(facts.get("home_state_id") or "", "")),
        (_("Languages"), _describe_languages(facts)),
        (_("Mother's name"), identity.mother),
        (_("CURP"), _describe_curp(identity)),
        (_("Papers"), "; ".join(map(_describe_paper, identity.papers))),
        (_("Address"), identity.address),
        (_("Family to reach"), identity.family_contact),
    ]  # fmt: skip


def _find_changes(before: Version, after: Version, places: _Places) -> list[Change]:
    earlier = [*describe_facts(before.identity, before.facts, places), *_describe_phones(before.identity)]
    later = [*describe_facts(after.identity, after.facts, places), *_describe_phones(after.identity)]
    return [
        Change(name, text_before, text_after)
        for (name, text_before), (_name, text_after) in zip(earlier, later, strict=True)
        if text_before != text_after
    ]


def _facts_of(person: Person) -> dict[str, Any]:
    return person.__dict__


def _describe_birth(identity: IdentityDocument, facts: dict[str, Any]) -> str:
    year = facts.get("birth_year")
    if year is None:
        return ""
    is_estimated = facts.get("birth_precision") == Person.BirthPrecision.ESTIMATED
    return describe_birth(
        PartialDate.from_parts(year, identity.birth_month, identity.birth_day, estimated=is_estimated)
    )


def _describe_languages(facts: dict[str, Any]) -> str:
    spoken = ", ".join(languages()[code].label for code in facts.get("languages") or () if code in languages())
    return _join(spoken, _("needs an interpreter") if facts.get("needs_interpreter") else "", separator=" · ")


def _describe_curp(identity: IdentityDocument) -> str:
    if not identity.curp:
        return ""
    state: str | Promise = CURP_STATES[CurpState(identity.curp_state)]
    return _join(identity.curp, str(state), identity.curp_proof, separator=" · ")


def _describe_paper(paper: PaperDocument) -> str:
    entry = document_types().get(paper.kind)
    shown = _("shown") if paper.state == "shown" else _("only spoken of")
    return _join(entry.label if entry else paper.kind, paper.number, shown)


def _describe_phones(identity: IdentityDocument) -> list[tuple[Words, str]]:
    texts = [
        _join(phone.number, str(SAFETIES.get(phone.safety, phone.safety)), phone.instructions)
        for phone in identity.phones
    ]
    return [(_("Phones"), "; ".join(texts))]


def _show_phone(phone: Phone) -> ShownPhone:
    return ShownPhone(
        phone.number,
        mask_phone(phone.number),
        OWNERS.get(phone.owner, phone.owner),
        phone.safety,
        SAFETIES.get(phone.safety, SAFETIES["ask"]),
        phone.instructions,
    )


def _join(*texts: str | None, separator: str = ", ") -> str:
    return separator.join(text for text in texts if text)


def name_of(name: PersonName) -> str:
    """Return a name for a title, or the words for somebody without one."""
    return display_name(name) or describe_unknown()
