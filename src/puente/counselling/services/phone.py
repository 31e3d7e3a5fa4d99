"""Opening the phone page: for whoever has the code of the paper and knows the birth date, and for nobody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.counselling.models import PhonePage, PhonePageAttempt
from puente.counselling.phone_pages import digest_address, digest_code, open_page
from puente.counselling.policies import PHONE
from puente.engines.identity.birth import PartialDate
from puente.opportunities.models import Opening
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as

WINDOW = timedelta(hours=1)
#: Wrong answers within the window, on one code and from one address, after which nothing more is looked at.
MOST_ON_CODE = 5
MOST_FROM_ADDRESS = 30

PAGE_OPENED = register_verb("phone_page.opened", gettext_noop("the person looked at their options on a phone"))


class WrongAnswer(Exception):
    """Code and birth date do not fit, or there is no such code: the two are told apart by nothing."""


class TooManyAnswers(Exception):
    """Too many wrong answers within the hour."""


@dataclass(frozen=True)
class OpenedPage:
    """What the page says, and which of its openings can no longer be taken."""

    content: dict[str, Any]
    closed: frozenset[str]


def open_phone_page(*, code: str, birth: PartialDate, address: str, now: datetime) -> OpenedPage:
    """Open the page of a code with the birth date of the person.

    Args:
        address: of the network, of which a keyed digest is kept for an hour, with wrong answers only.

    Raises:
        WrongAnswer, TooManyAnswers: alike for codes that exist and for those that do not.
    """
    digest, from_address = digest_code(code), digest_address(address)
    with acting_as(PHONE):
        counted = PhonePageAttempt.objects.filter(at__gt=now - WINDOW).aggregate(
            on_code=Count("pk", filter=Q(code_digest=digest)),
            from_address=Count("pk", filter=Q(address_digest=from_address)),
        )
        is_barred = counted["on_code"] >= MOST_ON_CODE or counted["from_address"] >= MOST_FROM_ADDRESS
        page = None if is_barred else _find_page(digest, now)
        content = open_page(page, code, birth)
        if content is None and not is_barred:
            PhonePageAttempt.objects.filter(at__lt=now - WINDOW).delete()
            PhonePageAttempt.objects.create(code_digest=digest, address_digest=from_address, at=now)
        elif content is not None and page is not None:
            record_event(
                actor=PHONE, verb=PAGE_OPENED, record_type="phone_page", record_id=page.pk, office_id=page.office_id,
                purpose=Purpose.COUNSELLING, at=now,
            )  # fmt: skip
    if is_barred:
        raise TooManyAnswers
    if content is None:
        raise WrongAnswer
    return OpenedPage(content, _find_closed(content, now))


def _find_page(digest: bytes, now: datetime) -> PhonePage | None:
    return PhonePage.objects.filter(code_digest=digest, expires_at__gt=now, withdrawn_at__isnull=True).first()


def _find_closed(content: dict[str, Any], now: datetime) -> frozenset[str]:
    ids = [option["opening_id"] for option in content["options"]]
    still_open = Opening.objects.open_on(now.date()).filter(pk__in=map(UUID, ids)).values_list("pk", flat=True)
    return frozenset(ids) - {str(pk) for pk in still_open}
