"""What a case tells of its screenings, and the lists they ask from."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from puente.accounts.models import User
from puente.engines.screening import AgeBasis, Answer, CaseFacts, Outcome, judge_age
from puente.people.opening import birth_of, read_person
from puente.platform.policy import Actor, NotAllowed
from puente.protection.models import LegalForm
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import EDIT_LEGAL_FORMS, VIEW_CASE
from puente.protection.screenings import (
    SCREENING,
    SCREENING_READING,
    VULNERABILITY,
    RecordedFactor,
    Screening,
    gather_factors,
    gather_screenings,
)


def read_screenings(opened: OpenedCase) -> list[Screening]:
    """Return the screenings of an opened case, the latest first; none where the purpose does not open them."""
    return gather_screenings(read_entries(opened, SCREENING, SCREENING_READING))


def read_screening(opened: OpenedCase, screening_id: UUID) -> Screening:
    """Return one screening of an opened case.

    Raises:
        NotAllowed: also where the case holds no such screening.
    """
    for screening in read_screenings(opened):
        if screening.id == screening_id:
            return screening
    raise NotAllowed(VIEW_CASE.name)


def read_recorded_factors(opened: OpenedCase) -> list[RecordedFactor]:
    """Return the determinants of vulnerability that stand in an opened case, the latest last."""
    return gather_factors(read_entries(opened, VULNERABILITY))


def suggest_age_basis(opened: OpenedCase, today: date) -> AgeBasis:
    """Return what the birth date of the person of a case says of the age."""
    return judge_age(birth_of(opened.case.person, read_person(opened.case.person).identity), today)


def describe_case_facts(opened: OpenedCase) -> CaseFacts | None:
    """Return what IOM's standard may tell of a case; None where nobody agreed to it or nothing was read yet."""
    read = [
        screening
        for screening in read_screenings(opened)
        if screening.conclusion is not None and screening.setting.counts_in_statistics
    ]
    if not read:
        return None
    case = opened.case
    handed_over = [screening.handed_over_at for screening in read if screening.handed_over_at is not None]
    received_at: datetime = min(handed_over, default=case.opened_at)
    picked: dict[str, set[str]] = {}
    for screening in read:
        for name, values in screening.story.picked.items() if screening.story else ():
            picked.setdefault(name, set()).update(values)
    return CaseFacts(
        sex=case.person.sex,
        citizenship=case.person.nationality_id or "",
        consents=True,
        is_presumed=any(each.conclusion.officer is Outcome.PRESUMED_VICTIM for each in read if each.conclusion),
        found=frozenset(
            name for screening in read for name, answer in screening.answers.items() if answer is Answer.YES
        ),
        picked={name: tuple(sorted(values)) for name, values in picked.items()},
        status="Closed" if case.closed_at else "Active",
        received_on=received_at.date(),
    )


def list_legal_forms(*, only_offered: bool = False) -> list[LegalForm]:
    """Return the forms of exploitation that the law names, in its order."""
    found = LegalForm.objects.all()
    return list(found.filter(is_offered=True) if only_offered else found)


def find_legal_form(actor: Actor, code: str) -> LegalForm:
    """Return a form of the list to correct it.

    Raises:
        NotAllowed: also where there is no such form.
    """
    form = LegalForm.objects.filter(pk=code).first()
    if form is None or not actor.may(EDIT_LEGAL_FORMS):
        raise NotAllowed(EDIT_LEGAL_FORMS.name)
    return form


def name_officers(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of members of staff by id."""
    return dict(User.objects.filter(pk__in=set(ids)).values_list("pk", "name"))
