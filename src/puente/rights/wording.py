"""The words for what cannot be done, and for days that are left."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from puente.rights.models import RequestEvent

IMPOSSIBLE: dict[str, str | Promise] = {
    "not_yet": gettext_lazy("That day has not come yet. Write the day on which it was asked"),
    "no_use": gettext_lazy("Choose at least one use that the person objects to"),
    "running_already": gettext_lazy("The person has a request of this kind already. Finish that one first"),
    "not_open": gettext_lazy("The request was decided or closed meanwhile. Look at it again"),
    "extended_already": gettext_lazy("The term was extended once already; the law allows no second time"),
    "not_accepted": gettext_lazy("The request must be accepted first"),
    "not_access": gettext_lazy("A copy is made only for a request for a copy of the file"),
    "no_copy": gettext_lazy("Make the copy first, then note that it was handed over"),
    "no_correction": gettext_lazy(
        "Correct the person first, with the reason “The person asked for it in writing”, then note it here"
    ),
    "second_person": gettext_lazy("Somebody else must do this: erasing takes two people"),
    "only_people": gettext_lazy("Only people can be made broad. Choose to erase"),
    "no_source": gettext_lazy("Write where the term comes from before you mark it as checked"),
    "not_automatic": gettext_lazy("By this rule nothing is due by itself. Write a number of months first"),
    "proposed_already": gettext_lazy("A proposal by this rule waits already. Carry it out or drop it first"),
    "nothing_due": gettext_lazy("Nothing is past its time by this rule"),
    "not_proposed": gettext_lazy("This proposal was carried out or dropped meanwhile"),
}
EVENT_ICONS = {
    RequestEvent.Kind.RECEIVED: "stamp",
    RequestEvent.Kind.EXTENDED: "clock",
    RequestEvent.Kind.ACCEPTED: "check",
    RequestEvent.Kind.REFUSED: "x",
    RequestEvent.Kind.COPIED: "copy",
    RequestEvent.Kind.CARRIED_OUT: "circle-check",
    RequestEvent.Kind.WITHDRAWN: "undo-2",
}


def say_days_left(days: int, due_on: date, today: date) -> str:
    """Return how far a day is away, in working days: "3 working days left", "2 working days late", "today"."""
    if due_on == today:
        return _("today")
    if due_on < today:
        late = max(-days, 1)
        return ngettext("%(days)s working day late", "%(days)s working days late", late) % {"days": late}
    return ngettext("%(days)s working day left", "%(days)s working days left", days) % {"days": days}
