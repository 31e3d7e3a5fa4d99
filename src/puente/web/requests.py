"""The request of a member of staff, as the middleware hands it to a view."""

from django.http import HttpRequest

from puente.platform.policy import Actor


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in."""

    actor: Actor
    section: str
