"""Answers are guarded by the rights of the room that asks: `needs.view` and `needs.assess` for the area `needs`."""

from puente.platform.policy import Action, registered_actions


def viewing(area: str) -> Action:
    """Return the action that reading the answers of an area needs."""
    return registered_actions()[f"{area}.view"]


def asking(area: str) -> Action:
    """Return the action that asking and correcting in an area needs."""
    return registered_actions()[f"{area}.assess"]
