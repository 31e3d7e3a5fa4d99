"""How much of OWASP ASVS 5.0 is answered by a test or a written reason: `docs/asvs.csv`."""

from __future__ import annotations

from tests.ledger import Requirement, find_tests, read_ledger


def measure() -> dict[str, float]:
    """Return the share of applicable L1 and L2 requirements with an answer, and the L3 ones that a test answers.

    The control takes one test out of the tree: an answer that names it must no longer count.
    """
    ledger, tests = read_ledger(), find_tests()
    applicable = [row for row in ledger if row.level < 3 and row.status != "not_applicable"]
    named = next(row.tests[0] for row in applicable if row.tests)
    return {
        "l1_l2_share": share_answered(applicable, tests),
        "l3": sum(row.level == 3 and bool(row.tests) and tests.issuperset(row.tests) for row in ledger),
        "l1_l2_applicable": len(applicable),
        "l1_l2_by_tests": sum(bool(row.tests) for row in applicable),
        "l1_l2_by_reasons": sum(not row.tests and row.status == "met" for row in applicable),
        "l1_l2_gaps": sum(row.status == "gap" for row in applicable),
        "control_share": share_answered(applicable, tests - {named}),
    }


def share_answered(rows: list[Requirement], tests: frozenset[str]) -> float:
    """Return the share of requirements whose tests all exist, or that have a reason in words."""
    return sum(tests.issuperset(row.tests) and bool(row.evidence.strip()) for row in rows) / len(rows)
