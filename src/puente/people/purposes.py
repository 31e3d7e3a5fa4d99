"""What an officer usually opens a file for, told by what their roles let them do."""

from puente.platform.policy import Actor, Purpose

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
