"""Openings belong to no person and to no office: whoever has the action may use it on all of them."""

from puente.platform.policy import Action, Actor, NotAllowed, Purpose, register_action

VIEW_OPENINGS = register_action("opening.view", Purpose.COUNSELLING, Purpose.ADMINISTRATION)
EDIT_OPENINGS = register_action("opening.edit", Purpose.COUNSELLING, Purpose.ADMINISTRATION)
IMPORT_OPENINGS = register_action("opening.import", Purpose.ADMINISTRATION)


def require_right(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless a role of the actor gives the action."""
    if not actor.may(action):
        raise NotAllowed(action.name)
