"""The words of a protection case: what it is opened for, what its records are called."""

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.platform.policy import Purpose
from puente.protection.case_file import FollowUpKind, FollowUpResult, Topic
from puente.protection.child_records import KINDS
from puente.protection.contact import Channel
from puente.protection.safety import Risk, Step
from puente.protection.screenings import SCREENING, SCREENING_READING, VULNERABILITY
from puente.protection.sealed import Compartment
from puente.protection.services.closures import ClosureReason

Words = str | Promise

#: What a case is opened for: the name, and what opens with it.
OPENINGS: dict[Purpose, tuple[Words, Words]] = {
    Purpose.PROTECTION: (_("Protection"), _("I go on with the case. Everything in it opens.")),
    Purpose.REFERRAL: (
        _("Referral"), _("Another service goes on with the person. The plan, the contact and the health part open."),
    ),
    Purpose.FOLLOW_UP: (
        _("Follow-up"), _("I call or visit the person. The plan and the contact open; what the person told does not."),
    ),
}  # fmt: skip
RISKS: dict[str, Words] = {Risk.HIGH: _("High"), Risk.MEDIUM: _("Medium"), Risk.LOW: _("Low")}
#: The kind of tag that a risk is drawn as.
RISK_TAGS: dict[str, str] = {Risk.HIGH: "error", Risk.MEDIUM: "person", Risk.LOW: "fact"}
FOLLOW_UP_KINDS: dict[str, Words] = {
    FollowUpKind.CALL: _("Call"),
    FollowUpKind.VISIT: _("Visit"),
    FollowUpKind.APPOINTMENT: _("Appointment"),
    FollowUpKind.REVIEW: _("Review of the case"),
}
#: What may wait for a day, as `case_file.DueThing.what` says it.
DUE_THINGS: dict[str, Words] = FOLLOW_UP_KINDS | {
    "plan": _("Review of the safety plan"),
    "contact": _("Review of the safe contact"),
    "referral": _("Answer to a referral"),
}
STEPS: dict[str, Words] = {
    Step.SAFE_PLACE: _("A safe place to go to"),
    Step.CODE_WORD: _("A code word is agreed"),
    Step.NEW_PHONE: _("A telephone that nobody else knows"),
    Step.COMPANION: _("Somebody goes with the person"),
    Step.PAPERS: _("The papers are in safe hands"),
    Step.MONEY: _("Money for an emergency"),
}
CHANNELS: dict[str, Words] = {
    Channel.CALL: _("Calls"),
    Channel.MESSAGE: _("Messages to the telephone"),
    Channel.MAIL: _("E-mail"),
    Channel.VISIT: _("Visits"),
    Channel.PAPER: _("Papers in the hand"),
    Channel.EMPLOYER: _("Word to an employer"),
}
#: Monday is 0.
DAYS: tuple[Words, ...] = tuple(WEEKDAYS[number] for number in range(7))
RESULTS: dict[str, Words] = {
    FollowUpResult.DONE: _("Done"),
    FollowUpResult.NOT_REACHED: _("Not reached"),
    FollowUpResult.CANCELLED: _("No longer needed"),
}
COMPARTMENTS: dict[str, Words] = {
    Compartment.PLAN: _("Plan"),
    Compartment.CONTACT: _("Contact"),
    Compartment.HEALTH: _("Health"),
    Compartment.TESTIMONY: _("What the person told"),
}
CLOSURE_REASONS: dict[str, Words] = {
    ClosureReason.GOALS_REACHED: _("What was agreed is reached"),
    ClosureReason.TRANSFERRED: _("Another office or authority goes on"),
    ClosureReason.STOPPED: _("The person does not want to go on"),
    ClosureReason.LEFT_AREA: _("The person left and cannot be followed"),
    ClosureReason.NOT_FOUND: _("The person was not found again"),
    ClosureReason.NO_LONGER_NEEDED: _("Protection is no longer needed"),
    ClosureReason.DEATH: _("The person died"),
}
OPEN_POINTS: dict[str, Words] = {
    "follow_up": _("A follow-up still waits"),
    "referral": _("A referral is not answered yet"),
}
#: What an entry of the history is called, and its icon.
TOPICS: dict[str, tuple[Words, str]] = {
    Topic.SAFETY_PLAN: (_("Safety plan"), "shield-check"),
    Topic.CONTACT: (_("Safe contact"), "phone"),
    Topic.REFERRAL: (_("Referral sent"), "send"),
    Topic.REFERRAL_OUTCOME: (_("What became of a referral"), "arrow-right"),
    Topic.FOLLOW_UP: (_("Follow-up"), "calendar"),
    Topic.NOTE: (_("Note"), "pencil"),
    Topic.ATTACHMENT: (_("Paper attached"), "file-up"),
    Topic.CLOSURE: (_("Asked to close the case"), "lock"),
    Topic.REOPENING: (_("The case was opened again"), "lock-open"),
    SCREENING: (_("Screening"), "list-checks"),
    SCREENING_READING: (_("Reading of the screening"), "scale"),
    VULNERABILITY: (_("Factor of vulnerability"), "flag"),
    **{topic: (_("Child’s part of the case"), "baby") for topic in KINDS},
}
