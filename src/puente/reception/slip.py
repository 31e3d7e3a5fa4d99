"""The slip of an arrival: a page of paper with turn, name, what comes next, and a random code as QR.

It never holds why the person returned, the CURP, health or any mark of the file.
"""

from pathlib import Path
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from puente.engines.identity.names import display_name
from puente.people.sealed import IdentityDocument
from puente.platform.documents import draw_qr, render_pdf
from puente.reception import catalogue
from puente.reception.models import Arrival

TEMPLATE = Path(__file__).with_name("documents") / "slip.typ"
#: Language of a person → language of their paper, where it is not Spanish.
PAPER_LANGUAGES = {"english": "en", "french": "fr"}


def make_slip(arrival: Arrival, identity: IdentityDocument, address: str) -> bytes:
    """Return the slip as PDF.

    Args:
        arrival: with person, office and point.
        identity: for the name alone.
        address: what the QR holds; ends in the arrival's random code.
    """
    with translation.override(choose_language(arrival.person.languages)):
        return render_pdf(TEMPLATE, _describe(arrival, identity, address))


def choose_language(languages: list[str]) -> str:
    """Return the paper's language: Spanish, unless the person speaks only another one that we print."""
    if not languages or "spanish" in languages:
        return "es"
    return next((PAPER_LANGUAGES[code] for code in languages if code in PAPER_LANGUAGES), "es")


def _describe(arrival: Arrival, identity: IdentityDocument, address: str) -> dict[str, Any]:
    received = timezone.localtime(arrival.registered_at)
    return {
        "language": translation.get_language(),
        "office": arrival.office.label,
        "date": formats.date_format(received, "SHORT_DATE_FORMAT"),
        "sheet": _("Sheet 1 of 1"),
        "your_turn": _("Your turn"),
        "turn": arrival.turn,
        "name": display_name(identity.name) or _("No established identity"),
        "received": _("Received at %(hour)s") % {"hour": formats.time_format(received, "H:i")},
        "qr": draw_qr(address),
        "qr_note": _("Only the staff of this office can open this code."),
        "next_title": _("What comes next"),
        "steps": [
            {"title": _("Wait for your turn"), "text": _("They will call you by this number, not by your name.")},
            {"title": _("Tell us what you need"), "text": _("You can refuse any question and still be helped.")},
            {"title": _("Look at jobs near your home"), "text": _("You choose. You can say no to all of them.")},
        ],
        "rights_title": _("You can ask for this here, at no cost"),
        "rights_text": _("The law says so. Ask for what you still need."),
        "rights": [
            entry.label
            for code, entry in catalogue.services().items()
            if entry.says("required_by_law") and not code.endswith("_area")
        ],
        "notes_title": _("To write down"),
        "discretion": _("You do not have to show this sheet to anybody outside, nor say that you returned."),
    }
