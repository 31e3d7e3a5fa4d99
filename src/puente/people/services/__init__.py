"""Everything that writes about people."""

from puente.people.opening import OpenedPerson, birth_of, open_key_of, read_person
from puente.people.services.consents import load_consent_texts, record_consents
from puente.people.services.identities import (
    CorrectedMeanwhile,
    PersonFacts,
    correct_person,
    open_person,
    receive_person,
    record_of,
    register_person,
)
from puente.people.services.searches import TooManySearches, search_people
from puente.people.services.travel_groups import add_to_travel_group, create_travel_group

__all__ = [
    "CorrectedMeanwhile",
    "OpenedPerson",
    "PersonFacts",
    "TooManySearches",
    "add_to_travel_group",
    "birth_of",
    "correct_person",
    "create_travel_group",
    "load_consent_texts",
    "open_key_of",
    "open_person",
    "read_person",
    "receive_person",
    "record_consents",
    "record_of",
    "register_person",
    "search_people",
]
