"""The list of forms of exploitation that the law names: loaded once, then the office's own."""

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.offices.services import read_rows
from puente.platform.policy import Actor, NotAllowed, Purpose
from puente.protection.models import LegalForm
from puente.protection.policies import EDIT_LEGAL_FORMS

EDITED = register_verb("legal_form.edited", gettext_noop("corrected a form of exploitation in the list of the law"))


@transaction.atomic
def load_legal_forms(file: Path) -> dict[str, int]:
    """Load the forms that are missing; one that is there stays as the office corrected it.

    Args:
        file: `content/protection/legal_forms.csv`.
    """
    for row in read_rows(file):
        LegalForm.objects.get_or_create(
            code=row["code"],
            defaults={
                "position": int(row["position"]), "label_es": row["label_es"], "label_en": row["label_en"],
                "label_fr": row["label_fr"], "reference": row["reference"], "is_verified": row["status"] == "verified",
            },
        )  # fmt: skip
    return {"legal forms": LegalForm.objects.count()}


@transaction.atomic
def edit_legal_form(
    *,
    actor: Actor,
    code: str,
    labels: dict[str, str],
    reference: str,
    is_verified: bool,
    is_offered: bool,
    now: datetime,
) -> LegalForm:
    """Correct one form of the list.

    Args:
        labels: words by language: es, en and fr.
        reference: law and article.
        is_verified: whether somebody compared it with the law in force.
        is_offered: whether screenings offer it; past ones keep it.

    Raises:
        NotAllowed: also where there is no such form.
    """
    form = LegalForm.objects.select_for_update().filter(pk=code).first()
    if form is None or not actor.may(EDIT_LEGAL_FORMS):
        raise NotAllowed(EDIT_LEGAL_FORMS.name)
    form.label_es, form.label_en, form.label_fr = labels["es"], labels["en"], labels["fr"]
    form.reference, form.is_verified, form.is_offered = reference, is_verified, is_offered
    form.save()
    record_event(
        actor=actor, verb=EDITED, record_type="legal_form", record_id=None, purpose=Purpose.PROTECTION, at=now,
        detail={"code": code, "verified": is_verified, "offered": is_offered},
    )  # fmt: skip
    return form
