"""What an officer usually opens a file for, told by what their roles let them do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from puente.platform.policy import Actor, Purpose

PURPOSES: dict[str, str | Promise] = {
    "reception": gettext_lazy("reception"),
    "counselling": gettext_lazy("counselling"),
    "protection": gettext_lazy("protection"),
    "referral": gettext_lazy("referral"),
    "follow_up": gettext_lazy("follow-up"),
    "statistics": gettext_lazy("statistics"),
    "administration": gettext_lazy("administration"),
    "rights": gettext_lazy("the person's rights"),
}

#: The first action that the actor has decides.
_USUAL = (
    ("arrival.register", Purpose.RECEPTION),
    ("profile.edit", Purpose.COUNSELLING),
    ("handover.acknowledge", Purpose.PROTECTION),
)


def usual_purpose(actor: Actor) -> Purpose:
    """Return the purpose of an actor's everyday work; a coordinator opens files for administration."""
    actions = {name for membership in actor.memberships for name in membership.actions}
    return next((purpose for name, purpose in _USUAL if name in actions), Purpose.ADMINISTRATION)
