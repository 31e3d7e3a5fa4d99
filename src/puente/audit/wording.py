"""Words for codes that events hold."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.engines.audit_chain import Kind
from puente.platform.policy import Purpose

PURPOSES: dict[str, str | Promise] = {
    Purpose.RECEPTION: _("reception"),
    Purpose.COUNSELLING: _("counselling"),
    Purpose.PROTECTION: _("protection"),
    Purpose.REFERRAL: _("referral"),
    Purpose.FOLLOW_UP: _("follow-up"),
    Purpose.STATISTICS: _("statistics"),
    Purpose.ADMINISTRATION: _("administration"),
    Purpose.RIGHTS: _("the person's rights"),
}
DAMAGES: dict[str, str | Promise] = {
    Kind.CHANGED: _("an event was changed"),
    Kind.DELETED: _("an event was deleted"),
    Kind.INSERTED: _("an event was inserted"),
    Kind.REORDERED: _("events changed places"),
    Kind.TRUNCATED: _("the end was cut off"),
    Kind.REWRITTEN: _("events were rewritten together with their hashes"),
    Kind.FORGED_HEAD: _("a head was not signed by this installation"),
}
