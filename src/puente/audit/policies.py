from uuid import UUID

from puente.platform.policy import Actor, Purpose, register_action, system_actor

VIEW_EVENTS = register_action("audit.view", Purpose.ADMINISTRATION, Purpose.RIGHTS)
REVIEW_ALERTS = register_action("alert.review", Purpose.ADMINISTRATION)
PLANT_CANARY = register_action("canary.plant", Purpose.ADMINISTRATION)
#: Reading every chain to check it, and keeping heads: of the process below and of no role.
VERIFY_CHAINS = register_action("audit.verify", Purpose.ADMINISTRATION)

AUDITOR = UUID("01990000-0000-7000-8000-0000000a0d17")
NO_OFFICE = UUID(int=0)


def auditing_actor() -> Actor:
    """Return who checks the chains and signs their heads: nobody's rights, all offices."""
    return system_actor("auditor", AUDITOR, [VERIFY_CHAINS], [NO_OFFICE])
