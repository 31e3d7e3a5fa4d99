"""The words of a protection case: what it is opened for, what its records are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.platform.policy import Purpose
from puente.protection.case_file import FollowUpKind
from puente.protection.safety import Risk

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
