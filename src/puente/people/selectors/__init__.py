"""Everything that reads people."""

from puente.people.selectors.consents import (
    LETS_COUNT,
    ToldDecision,
    has_consent,
    leave_out_uncounted,
    list_consent_texts,
    list_consents,
    list_decisions,
)
from puente.people.selectors.files import (
    Contact,
    ContactRule,
    Version,
    contact_rule,
    is_in_charge,
    list_group_members,
    list_own_offices,
    list_recently_opened,
    list_served,
    list_versions,
    name_states,
)
from puente.people.selectors.histories import EarlierReturn, list_returns, register_returns
from puente.people.selectors.labels import (
    PersonLabel,
    describe_reference,
    label_people,
    write_in_full,
    write_in_list,
)
from puente.people.selectors.search import HIDDEN, MOST_SHOWN, FoundPerson, find_people

__all__ = [
    "HIDDEN",
    "LETS_COUNT",
    "MOST_SHOWN",
    "Contact",
    "ContactRule",
    "EarlierReturn",
    "FoundPerson",
    "PersonLabel",
    "ToldDecision",
    "Version",
    "contact_rule",
    "describe_reference",
    "find_people",
    "has_consent",
    "is_in_charge",
    "label_people",
    "leave_out_uncounted",
    "list_consent_texts",
    "list_consents",
    "list_decisions",
    "list_group_members",
    "list_own_offices",
    "list_recently_opened",
    "list_returns",
    "list_served",
    "list_versions",
    "name_states",
    "register_returns",
    "write_in_full",
    "write_in_list",
]
