"""Consents: what was decided, and the words in which it was asked."""

import json
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.people.models import ConsentDecision, ConsentText, Person
from puente.people.opening import open_key_of
from puente.people.policies import RECORD_CONSENT
from puente.people.sealed import seal_note
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, require_in_office

CONSENTED = register_verb("consent.recorded", gettext_noop("recorded a consent"))
WITNESS = "consent_witness"


@transaction.atomic
def record_consents(
    *,
    actor: Actor,
    person_id: UUID,
    office_id: UUID,
    decisions: dict[str, str],
    language: str,
    means: str,
    capacity: str = ConsentDecision.Capacity.SELF,
    has_interpreter: bool = False,
    witness: str = "",
    purpose: Purpose,
    now: datetime,
) -> None:
    """Append what a person decided, purpose by purpose, with the version of the words that were shown.

    Args:
        decisions: consent purpose → given, refused or withdrawn.
        witness: who heard a consent given by word of mouth; sealed.

    Raises:
        NotAllowed: also where the person is not served by an office of the actor.
        ConsentText.DoesNotExist: for a purpose that has no text.
    """
    require_in_office(actor, RECORD_CONSENT, office_id)
    person = Person.objects.visible_to(actor, RECORD_CONSENT).filter(pk=person_id).first()
    if person is None:
        raise NotAllowed(RECORD_CONSENT.name)
    data_key = open_key_of(person) if witness else b""
    for consent_purpose, decision in decisions.items():
        texts = ConsentText.objects.filter(purpose=consent_purpose, valid_from__lte=now.date())
        text = texts.latest("valid_from", "version")
        decision_id = make_id()
        ConsentDecision.objects.create(
            id=decision_id, person_id=person_id, office_id=office_id, purpose=consent_purpose, decision=decision,
            text_version=text.version, language=language, means=means, capacity=capacity,
            has_interpreter=has_interpreter, decided_at=now, recorded_by=actor.id,
            sealed_witness=seal_note(data_key, WITNESS, decision_id, witness) if witness else None,
        )  # fmt: skip
    record_event(
        actor=actor, verb=CONSENTED, record_type="person", record_id=person_id, person_id=person_id,
        office_id=office_id, purpose=purpose, detail={"decisions": decisions},
    )  # fmt: skip


@transaction.atomic
def load_consent_texts(file: Path) -> dict[str, int]:
    """Load the words in which consents are asked; a version that was shown to somebody is never changed."""
    content = json.loads(file.read_text(encoding="utf-8"))
    for entry in content["purposes"]:
        texts = {
            f"{name}_{language}": entry[name][language]
            for name in ("label", "text", "withdrawal")
            for language in ("es", "en", "fr")
        }
        ConsentText.objects.get_or_create(
            purpose=entry["code"],
            version=content["version"],
            defaults={"valid_from": date(int(content["version"].split(".")[0]), 1, 1), **texts},
        )
    return {"consent texts": ConsentText.objects.count()}
