"""Where a person's work goes on in the rooms above, by stage, for whoever may do it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.counselling.policies import MAKE_SHORTLIST
from puente.needs.policies import ASSESS_NEEDS
from puente.platform.policy import Action, Actor
from puente.reception.models import QueuePlace, Stage
from puente.reception.policies import CORRECT_ARRIVAL, MOVE_IN_QUEUE


@dataclass(frozen=True)
class Step:
    """What is done next with a person. `about` says whose id the address holds: arrival or person."""

    label: str | Promise
    url_name: str
    about: str
    action: Action


STEPS = {
    Stage.ARRIVAL: Step(_("Mark what they received"), "reception:arrival", "arrival", CORRECT_ARRIVAL),
    Stage.NEEDS: Step(_("Ask about needs"), "needs:person", "person", ASSESS_NEEDS),
    Stage.COUNSELLING: Step(_("Work profile"), "counselling:profile", "person", MAKE_SHORTLIST),
    Stage.JOURNEY: Step(_("See off"), "reception:arrival", "arrival", MOVE_IN_QUEUE),
}


@dataclass(frozen=True)
class Link:
    """A step in words, and its address where the actor may take it."""

    label: str | Promise
    url: str = ""


def find_step(actor: Actor, place: QueuePlace) -> Link | None:
    """Return what is done next with somebody in the queue; None where nothing is."""
    step = STEPS.get(Stage(place.stage))
    if step is None:
        return None
    if not actor.may(step.action):
        return Link(step.label)
    record_id = place.person_id if step.about == "person" else place.arrival_id
    return Link(step.label, reverse(step.url_name, args=[record_id]))
