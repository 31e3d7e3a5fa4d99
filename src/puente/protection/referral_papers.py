"""The paper of a referral: its number, to whom, until when, and what is told; nothing else of person or case."""

from datetime import date
from pathlib import Path

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puente.people.pseudonyms import reference_of
from puente.platform.documents import render_pdf
from puente.protection.referrals import Referral, find_schema

TEMPLATE = Path(__file__).with_name("documents") / "referral.typ"


def make_referral_paper(referral: Referral, told: dict[str, str], *, service: str, office: str, today: date) -> bytes:
    """Return the paper as PDF, in Spanish: services are in Mexico.

    Args:
        told: field → what was sent.
        service, office: their names.
    """
    with translation.override("es"):
        fields = [rule for rule in find_schema(referral.schema).fields if rule.code in told]
        data = {
            "language": "es",
            "office": office,
            "date": date_format(today, "SHORT_DATE_FORMAT"),
            "page": _("Page"),
            "title": _("Referral"),
            # A number of its own: the reference of the person goes only where the service may be told it.
            "number": [_("Number of the referral"), reference_of(referral.id)],
            "service": [pgettext("receiver", "To"), service],
            "told": [[str(rule.label), told[rule.code]] for rule in fields],
            "terms": [
                _("For this purpose alone, until %(day)s. Then destroy it.")
                % {"day": date_format(referral.expires_on, "SHORT_DATE_FORMAT")},
                _("Do not hand it on. To ask or answer, give the number of the referral and no name."),
            ],
            "answer": _("Answer of the service"),
            "answers": [_("Received on"), _("Will attend to the person on"), _("Cannot attend to the person")],
            "signature": _("Name and signature of who receives it"),
        }
        return render_pdf(TEMPLATE, data)
