"""Mis opciones: two Letter pages, in the person's language."""

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puente.platform.documents import draw_qr, render_pdf
from puente.web.maps import Pin, Place, draw_local_map

TEMPLATE = Path(__file__).with_name("options.typ")
FILE_NAME = "mis-opciones.pdf"
NOTE_LINES = 3
#: What fits beside each other on two pages; the phone page has the rest.
MOST_LETTERS = {"title": 70, "employer": 50, "address": 60, "contact_name": 40, "week": 70}
MOST_LETTERS_OF_REASON = 60
MOST_TO_BRING = 3


def render_sheet(text: dict[str, Any], url: str) -> bytes:
    """Return the PDF of a sheet.

    Args:
        text: what `OptionsText.to_json` gave.
        url: of the phone page, "" where there is none.
    """
    with translation.override(text["language"]):
        short = text | {"options": [_shorten(option) for option in text["options"]]}
        return render_pdf(
            TEMPLATE,
            _write_words(text) | {"text": short, "url": url, "qr": draw_qr(url) if url else "", "map": _draw(text)},
        )


def _shorten(option: dict[str, Any]) -> dict[str, Any]:
    """Return an option whose long words are cut, so that the sheet keeps its two pages."""
    cut = {name: Truncator(option[name]).chars(most) for name, most in MOST_LETTERS.items()}
    reasons = [Truncator(reason).chars(MOST_LETTERS_OF_REASON) for reason in option["reasons"]]
    return option | cut | {"reasons": reasons, "bring": option["bring"][:MOST_TO_BRING]}


def _draw(text: dict[str, Any]) -> str:
    """Return the map of home and the chosen openings, "" where the home is not known."""
    if text["home"] is None:
        return ""
    latitude, longitude, name = text["home"]
    pins = [
        Pin(option["number"], option["latitude"], option["longitude"])
        for option in text["options"]
        if option["latitude"] is not None
    ]
    return str(draw_local_map(Place(latitude, longitude, name), pins, width=640, height=250, for_paper=True))


def _write_words(text: dict[str, Any]) -> dict[str, Any]:
    number = len(text["options"])
    return {
        "title": _("My options"),
        "chose": ngettext(
            "You chose this %(number)s option. You can change your mind whenever you like.",
            "You chose these %(number)s options. You can change your mind whenever you like.",
            number,
        )
        % {"number": number},
        "qr_note": _("See them on your phone. It asks for your birth date."),
        "spans": [
            _("You arrived"),
            _("You said what you need"),
            _("You chose options"),
            _("You travel home"),
            _("We call you"),
        ]
        if text["may_be_called"]
        else [
            _("You arrived"),
            _("You said what you need"),
            _("You chose options"),
            _("You travel home"),
            _("You call us"),
        ],
        "why": _("Why it is for you"),
        "bring": _("Take with you:"),
        "bring_nothing": _("ask which papers to take"),
        "call": _("Call %(name)s"),
        "call_them": _("Call"),
        "no_phone": _("Go there and ask"),
        "say_title": _("When you call, say:"),
        "say": _("“Good morning. I am %(name)s. I call about the work you offer.”") % {"name": text["preferred"]},
        "need_not": _("You need not say that you were returned."),
        "where_title": _("Where they are"),
        "more_title": _("If you want more options"),
        "care_title": _("Take care of yourself"),
        "care": [
            _("Give your papers and your phone to nobody who offers work."),
            _("Real work is not paid for in advance."),
            _("Tell your family where you go and with whom."),
        ],
        "rights_title": _("Your rights"),
        "rights": [
            *(
                [_("Nobody may pay you less than %(wage)s.") % {"wage": text["minimum_wage"]}]
                if text["minimum_wage"]
                else []
            ),
            _("You may see, correct or erase what we keep about you."),
            _("You may say no to any work. Nobody takes help away from you for that."),
        ],
        "help_title": _("Who can help"),
        "help": [*text["help_lines"], {"phone": "911", "who": _("If you are in danger. It is free, day and night.")}],
        "notes_title": _("To write on"),
        "note_lines": NOTE_LINES,
        "yours": _("This sheet is yours. It does not say why you came back. You need not show it to any employer."),
        "page_of": _("Sheet %(here)s of %(all)s"),
    }
