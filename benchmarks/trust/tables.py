"""How each table with rows about people is read. A new table joins one of the two lists; a test asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import count
from typing import Any
from uuid import uuid4


class Rule(Enum):
    """What of a person decides about a row of theirs."""

    #: The person's own sensitivity.
    PERSON = auto()
    #: Offices alone, until the person is reserved: then as the person.
    TELLS = auto()
    #: Offices alone, always: the row is counted and tells nothing else.
    COUNTED = auto()
    #: As the most sensitive person, always: the rows of a case.
    SEALED = auto()


@dataclass(frozen=True)
class Read:
    """The actions by which a table is read, the rule, and values (or what makes them) that its checks ask for."""

    actions: tuple[str, ...]
    rule: Rule = Rule.TELLS
    values: dict[str, Any] = field(default_factory=dict)


_numbers = count(1)
_PROFILE = Read(("profile.view",))
_OUTCOME = Read(("profile.view", "outcome.record"))
TABLES: dict[str, Read] = {
    "people_person": Read(("person.open",), Rule.PERSON),
    "people_identity": Read(("person.open",), Rule.PERSON),
    "people_consentdecision": Read(("person.open",)),
    "people_travelgroupmember": Read(("person.open",)),
    "instruments_response": Read(("needs.view",), values={"area": "needs"}),
    "instruments_answer": Read(("needs.view",), values={"area": "needs"}),
    "reception_arrival": Read(
        ("arrival.view",), Rule.COUNTED, {"code": lambda: uuid4().hex[:16], "turn_number": lambda: next(_numbers)}
    ),
    "reception_servicegiven": Read(("arrival.view",), Rule.COUNTED),
    "reception_otherservice": Read(("arrival.view",), Rule.COUNTED),
    "reception_stageevent": Read(("arrival.view",), Rule.COUNTED),
    "reception_arrivalversion": Read(("arrival.view",)),
    "reception_immediateneed": Read(("arrival.view",)),
    "reception_identityanswer": Read(("arrival.view",)),
    "needs_need": Read(("needs.view",), Rule.COUNTED),
    "needs_needevent": Read(("needs.view",)),
    "counselling_workprofile": _PROFILE,
    "counselling_pastjob": _PROFILE,
    "counselling_correction": _PROFILE,
    "counselling_shortlist": _PROFILE,
    "counselling_shortlistentry": _PROFILE,
    "counselling_choice": Read(("profile.view",), values={"why_none": "wage"}),
    "counselling_sheet": _PROFILE,
    "counselling_introduction": Read(("introduction.view",)),
    "counselling_introductionevent": Read(("introduction.view",)),
    "counselling_followup": _OUTCOME,
    "counselling_outcome": _OUTCOME,
    "protection_casekey": Read(("case.view",), Rule.SEALED),
    "protection_caseentry": Read(("case.view",), Rule.SEALED),
    "protection_arrivalfact": Read(("case.view",), Rule.SEALED),
    "protection_attachedfile": Read(("case.view",), Rule.SEALED),
}
#: Tables that follow another rule, and where that rule has its own test.
OTHERWISE: dict[str, str] = {
    "accounts_accessgrant": "the ground on which the rule stands; names a person by id alone",
    "audit_event": "own events and those of the office: tests/audit",
    "audit_canary": "who is invented, which only who plants them reads: tests/audit/test_canaries.py",
    "people_assignment": "own assignments and those of offices that reserve files: tests/people/test_reach.py",
    "people_personoffice": "that an office serves somebody, which is counted: by office alone",
    "people_searchkey": "keyed hashes without meaning, of which a reserved person has none: tests/protection",
    "protection_accessrequest": "own requests, and those one answers or reviews: tests/protection/test_access.py",
    "protection_case": "listed by reference for whoever lists cases: tests/protection/test_cases.py",
    "protection_closure": "who is in charge, and who may decide on it: tests/protection/test_closures.py",
    "protection_handover": "the boxes of an office, each its service's alone: tests/protection/test_boxes.py",
    "protection_watchedperson": "read by the watch alone, a process of the product: tests/protection/test_watch.py",
    "protection_watchkey": "hashes keyed by the vault, read by the watch alone: tests/protection/test_watch.py",
    "rights_rightsrequest": "as the person, for who views requests or erases: tests/rights/test_requests.py",
    "rights_requestevent": "as the request it belongs to: tests/rights/test_requests.py",
    "rights_filecopy": "as the person, for who views requests: tests/rights/test_copies.py",
    "rights_retentionitem": "for who erases and who counts, never who proposes: tests/rights/test_retention.py",
    "reception_manifestline": "the list of an office; the line of a reserved person is sealed under their key",
    "reception_queueplace": "counted as reception_stageevent is; its key is the arrival",
}


def list_tables(ask: Callable[..., Any]) -> list[str]:
    """Return every table of the database with a column that names a person."""
    rows = ask(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'person_id'"
        " AND NOT a.attisdropped ORDER BY 1"
    ).fetchall()
    return ["people_person", *(str(row[0]) for row in rows)]
