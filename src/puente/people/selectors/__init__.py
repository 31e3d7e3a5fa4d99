"""Everything that reads people."""

from puente.people.selectors.consents import (
    ToldDecision,
    has_consent,
    list_consent_texts,
    list_consents,
    list_decisions,
)
from puente.people.selectors.files import (
    Contact,
    ContactRule,
    Version,
    contact_rule,
    list_group_members,
    list_own_offices,
    list_recently_opened,
    list_served,
    list_versions,
    name_people,
    name_states,
)
from puente.people.selectors.histories import EarlierReturn, list_returns, register_returns
from puente.people.selectors.search import HIDDEN, MOST_SHOWN, FoundPerson, find_people

__all__ = [
    "HIDDEN",
    "MOST_SHOWN",
    "Contact",
    "ContactRule",
    "EarlierReturn",
    "FoundPerson",
    "ToldDecision",
    "Version",
    "contact_rule",
    "find_people",
    "has_consent",
    "list_consent_texts",
    "list_consents",
    "list_decisions",
    "list_group_members",
    "list_own_offices",
    "list_recently_opened",
    "list_returns",
    "list_served",
    "list_versions",
    "name_people",
    "name_states",
    "register_returns",
]
