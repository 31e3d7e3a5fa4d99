"""The letter that introduces a person to an employer: name, trade, how to call. It says nothing of any return."""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from puente.counselling.wording import say_years
from puente.platform.documents import render_pdf

TEMPLATE = Path(__file__).with_name("introduction.typ")
FILE_NAME = "carta.pdf"
#: Employers are in Mexico.
LANGUAGE = "es"


def render_introduction(sent: dict[str, Any], *, place: str, day: date) -> bytes:
    """Return the PDF of a letter.

    Args:
        sent: what `write_introduction` gave and the row keeps sealed.
        place: the town it is written in. The office is not named: its name would tell of a return.
    """
    with translation.override(LANGUAGE):
        years = say_years(sent["years"])
        trade = _("%(trade)s, %(years)s") % {"trade": sent["trade"], "years": years} if years else sent["trade"]
        return render_pdf(
            TEMPLATE,
            {
                "language": LANGUAGE,
                "place": _("%(place)s, %(date)s") % {"place": place, "date": date_format(day, "DATE_FORMAT")},
                "title": _("Letter of introduction"),
                "to": sent["employer"],
                "about": _("About: %(opening)s") % {"opening": sent["opening"]},
                "body": _("This is to introduce a person who is interested in this work and asked us to write to you."),
                "facts": [
                    [_("Name"), sent["name"]],
                    [_("Trade"), trade],
                    [_("Phone"), sent["phone"] or _("through the person who brings this letter")],
                ],
                "ask": _("Please tell the person what happens next. What stands here is for this purpose alone."),
                "answer": _("Answer of the employer"),
                "answers": [_("Interview on"), _("Hired, begins on"), _("Not this time")],
                "sender": _("Job referral service"),
                "page_of": _("Sheet 1 of 1"),
            },
        )
