from collections.abc import Iterable
from uuid import UUID

from puente.platform.policy import Actor, Purpose, register_action, system_actor

SEND_HANDOVER = register_action("handover.send", Purpose.RECEPTION, Purpose.COUNSELLING, Purpose.PROTECTION)
VIEW_HANDOVERS = register_action("handover.view", Purpose.PROTECTION)
OPEN_CASE = register_action("case.open", Purpose.PROTECTION)
#: A case is opened for one purpose at a time; the purpose is part of what its keys are bound to.
VIEW_CASE = register_action("case.view", Purpose.PROTECTION, Purpose.REFERRAL, Purpose.FOLLOW_UP)
WRITE_CASE = register_action("case.write", Purpose.PROTECTION, Purpose.REFERRAL, Purpose.FOLLOW_UP)
#: To see that cases exist, by reference and officer alone, without opening one.
LIST_CASES = register_action("case.list", Purpose.PROTECTION)
ASSIGN_CASE = register_action("case.assign", Purpose.PROTECTION)
#: Of no role: the watch for reserved people who return has it.
WATCH_PEOPLE = register_action("person.watch", Purpose.PROTECTION)
ACKNOWLEDGE_HANDOVER = register_action("handover.acknowledge", Purpose.PROTECTION)
#: To ask to open a reserved file that somebody else is in charge of; another person answers.
REQUEST_ACCESS = register_action("access.request", Purpose.PROTECTION, Purpose.REFERRAL, Purpose.FOLLOW_UP)
APPROVE_ACCESS = register_action("access.approve", Purpose.PROTECTION)
#: To open a reserved file at once, with a reason that two others read.
BREAK_GLASS = register_action(
    "access.break_glass", Purpose.PROTECTION, Purpose.COUNSELLING, Purpose.RECEPTION, Purpose.ADMINISTRATION
)
REVIEW_ACCESS = register_action("access.review", Purpose.PROTECTION, Purpose.ADMINISTRATION)
OPENS_IN_OTHER_HANDS = (REQUEST_ACCESS, APPROVE_ACCESS, BREAK_GLASS, REVIEW_ACCESS)
#: The list of forms of exploitation that the law names.
EDIT_LEGAL_FORMS = register_action("legal_form.edit", Purpose.PROTECTION)
APPROVE_CLOSURE = register_action("case.approve_closure", Purpose.PROTECTION)
ASK_EXPORT = register_action("export.ask", Purpose.PROTECTION, Purpose.STATISTICS)
APPROVE_EXPORT = register_action("export.approve", Purpose.PROTECTION, Purpose.STATISTICS)
#: Medical, psychological and legal services: their own boxes, none of protection's.
VIEW_CARE_HANDOVERS = register_action("handover.view_care", Purpose.COUNSELLING)
ACKNOWLEDGE_CARE = register_action("handover.acknowledge_care", Purpose.COUNSELLING)
#: Comparing returns of children is the work of the system; no role has it.
REVIEW_CIRCUIT = register_action("circuit.review", Purpose.PROTECTION)

PROMPTING = UUID("01990000-0000-7000-8000-00000000c1c0")


def prompting(offices: Iterable[UUID]) -> Actor:
    """Return the process that compares facts of arrivals and prompts protection: it opens nobody's file."""
    return system_actor("prompting", PROMPTING, [REVIEW_CIRCUIT, SEND_HANDOVER], offices)
