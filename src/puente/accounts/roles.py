"""The roles as classes: name, what it may do, and the most sensitive record it may touch.

No role has a standing super-power: the administrator sets up staff and offices and sees no file.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.platform.policy import Sensitivity


class Role:
    """A role that a membership gives in one office."""

    key: str
    label: str | Promise
    actions: frozenset[str]
    clearance: Sensitivity


class Reception(Role):
    key = "reception"
    label = _("Reception")
    clearance = Sensitivity.CASE
    actions = frozenset(
        {
            "today.view", "directory.view", "person.find", "person.open", "person.register", "person.correct",
            "consent.record", "manifest.load", "manifest.view", "arrival.register", "arrival.view",
            "arrival.correct", "queue.move", "handover.send", "needs.view",
        }
    )  # fmt: skip


class Counsellor(Role):
    key = "counsellor"
    label = _("Counselling")
    clearance = Sensitivity.CASE
    actions = frozenset(
        {
            "today.view", "directory.view", "person.find", "person.open", "person.correct", "consent.record",
            "arrival.view", "queue.move", "handover.send", "needs.view", "needs.assess", "needs.resolve",
            "profile.view", "profile.edit", "shortlist.make", "introduction.view", "introduction.send",
            "outcome.record", "opening.view",
        }
    )  # fmt: skip


class Protection(Role):
    key = "protection"
    label = _("Protection")
    clearance = Sensitivity.SEALED
    actions = frozenset(
        {
            "today.view", "directory.view", "person.find", "person.open", "arrival.view", "needs.view",
            "handover.view", "handover.acknowledge",
        }
    )  # fmt: skip


class Liaison(Role):
    key = "liaison"
    label = _("Job liaison")
    clearance = Sensitivity.SERVICE
    actions = frozenset(
        {
            "directory.view", "opening.view", "opening.edit", "opening.import", "introduction.view",
            "outcome.record",
        }
    )  # fmt: skip


class Communication(Role):
    key = "communication"
    label = _("Communication")
    clearance = Sensitivity.PUBLISHED
    actions = frozenset({"directory.view"})


class Coordinator(Role):
    key = "coordinator"
    label = _("Coordination")
    clearance = Sensitivity.CASE
    actions = frozenset(
        {
            "today.view", "directory.view", "directory.edit", "person.find", "person.open", "arrival.view",
            "manifest.view", "queue.move", "needs.view", "profile.view", "introduction.view", "opening.view",
            "pilot.view", "pilot.edit", "report.make", "statistics.view", "audit.view",
        }
    )  # fmt: skip


class Analyst(Role):
    key = "analyst"
    label = _("Analysis")
    clearance = Sensitivity.SERVICE
    actions = frozenset({"directory.view", "opening.view", "statistics.view", "pilot.view", "report.make"})


class Administrator(Role):
    key = "administrator"
    label = _("Administration")
    clearance = Sensitivity.PUBLISHED
    actions = frozenset({"directory.view", "directory.edit", "staff.manage", "audit.view"})


ROLES: dict[str, type[Role]] = {
    role.key: role
    for role in (
        Reception, Counsellor, Protection, Liaison, Communication, Coordinator, Analyst, Administrator,
    )
}  # fmt: skip
