"""The words of the inbox: services, reasons, and what speaks for asking about a child."""

from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from puente.engines.screening.circuit import Sign
from puente.protection.boxes import Service
from puente.protection.handovers import HandoverContent, Reason

SERVICES: dict[str, str | Promise] = {
    Service.PROTECTION: gettext_lazy("Protection"),
    Service.MEDICAL: gettext_lazy("Medical care"),
    Service.PSYCHOLOGICAL: gettext_lazy("Psychological care"),
    Service.LEGAL: gettext_lazy("Legal advice"),
}
REASONS: dict[str, str | Promise] = {
    Reason.IN_DANGER: gettext_lazy("Said to be in danger, or that somebody waits outside"),
    Reason.POSSIBLE_RETURN: gettext_lazy("May be somebody who is protected already"),
    Reason.MINOR_ALONE: gettext_lazy("A child or adolescent without mother, father or guardian"),
    Reason.CIRCUIT: gettext_lazy("A child who was returned again and again: a possible victim"),
    Reason.ASKED_AT_DESK: gettext_lazy("The desk asked for it"),
}
#: As short as a row of a list needs them.
KINDS: dict[str, str | Promise] = {
    Reason.IN_DANGER: gettext_lazy("In danger"),
    Reason.POSSIBLE_RETURN: gettext_lazy("Possible return of a protected person"),
    Reason.MINOR_ALONE: gettext_lazy("Child alone"),
    Reason.CIRCUIT: gettext_lazy("Child returned again and again"),
    Reason.ASKED_AT_DESK: gettext_lazy("Asked for at the desk"),
}


def describe_prompt(content: HandoverContent) -> list[str]:
    """Return the reasons of a prompt about repeated returns, as sentences; none for any other hand-over."""
    said = content.details
    if Reason.CIRCUIT not in content.reasons:
        return []
    sentences = {
        Sign.RETURNED_AGAIN: _("Returned %(times)s times within %(days)s days: from %(first)s to %(last)s.")
        % {
            "times": said["returns"],
            "days": said["period_days"],
            "first": _write_day(said["first"]),
            "last": _write_day(said["last"]),
        },
        Sign.LIVES_AT_BORDER: _("Lives in a municipality of the border."),
        Sign.SHORT_STAYS: ngettext(
            "%(times)s of the returns came after %(days)s days or less in the US.",
            "%(times)s of the returns came after %(days)s days or less in the US.",
            said["short_stays"],
        )
        % {"times": said["short_stays"], "days": said["short_stay_days"]},
    }
    return [sentences[sign] for sign in Sign if sign in said["signs"]]


def _write_day(text: str) -> str:
    return str(date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT"))
