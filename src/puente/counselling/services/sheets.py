"""Making "Mis opciones" and its phone page."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.counselling.models import Choice, PhonePage, Sheet
from puente.counselling.options import OptionsText, write_options
from puente.counselling.phone_pages import digest_code, find_asked_birth, make_code, seal_page
from puente.counselling.policies import MAKE_SHORTLIST, VIEW_PROFILE, choose_office, find_person
from puente.counselling.sealed import seal_sheet
from puente.counselling.selectors.profiles import read_profile
from puente.offices.models import Office
from puente.people.services import OpenedPerson, birth_of, read_person
from puente.platform.ids import make_id
from puente.platform.policy import Actor, Purpose

#: How long a phone page opens; openings are seldom there for longer.
PAGE_LIFE = timedelta(days=180)

SHEET_MADE = register_verb("sheet.made", gettext_noop("made the sheet of options for the person"))


class NothingChosen(Exception):
    """The person has chosen no opening, so there is nothing to take home."""


@transaction.atomic
def make_sheet(*, actor: Actor, person_id: UUID, language: str, now: datetime) -> Sheet:
    """Write down what the person chose last, as a sheet to take along and a page for the phone.

    Phone pages of earlier sheets are withdrawn. Where not even the birth year is certain there is no phone page.

    Args:
        language: es, en or fr.

    Raises:
        NotAllowed: also where there is no such person.
        NothingChosen: where the last word of the person is "none", or there is none.
    """
    opened = read_person(find_person(actor, MAKE_SHORTLIST, person_id, Purpose.COUNSELLING, now))
    choice = (
        Choice.objects.visible_to(actor, VIEW_PROFILE)
        .filter(person_id=person_id)
        .select_related("shortlist")
        .order_by("-made_at", "-id")
        .first()
    )
    if choice is None or not choice.openings:
        raise NothingChosen
    office_id, sheet_id = choose_office(actor, MAKE_SHORTLIST), make_id()
    text = write_options(
        actor,
        opened=opened,
        office=Office.objects.get(pk=office_id),
        choice=choice,
        facts=read_profile(actor, person_id, opened.data_key).facts,
        language=language,
        today=now.date(),
    )
    _withdraw_pages(person_id, now)
    page, code = _make_page(opened, text, office_id, now)
    sheet = Sheet.objects.create(
        id=sheet_id,
        person_id=person_id,
        office_id=office_id,
        choice=choice,
        page=page,
        language=language,
        sealed=seal_sheet(opened.data_key, sheet_id, {"text": text.to_json(), "code": code}),
        made_at=now,
        made_by=actor.id,
    )
    record_event(
        actor=actor,
        verb=SHEET_MADE,
        record_type="sheet",
        record_id=sheet.id,
        person_id=person_id,
        office_id=office_id,
        purpose=Purpose.COUNSELLING,
        detail={"options": len(text.options), "phone_page": page is not None},
        at=now,
    )
    return sheet


def _make_page(opened: OpenedPerson, text: OptionsText, office_id: UUID, now: datetime) -> tuple[PhonePage | None, str]:
    birth = birth_of(opened.person, opened.identity)
    asked = find_asked_birth(birth)
    if birth is None or asked is None:
        return None, ""
    code = make_code()
    # The surnames are of no use on a screen that others may see.
    content = {key: value for key, value in text.to_json().items() if key != "name"}
    page = PhonePage.objects.create(
        office_id=office_id,
        code_digest=digest_code(code),
        asked_birth=asked,
        sealed=seal_page(code, asked, birth, content),
        expires_at=now + PAGE_LIFE,
    )
    return page, code


def _withdraw_pages(person_id: UUID, now: datetime) -> None:
    PhonePage.objects.filter(sheet__person_id=person_id, withdrawn_at__isnull=True).update(withdrawn_at=now)
