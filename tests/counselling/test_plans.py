"""Every list reads its index, as the application role sees the table."""

import pytest
from django.db import connection

from puente.counselling.models import Choice, Introduction, Shortlist
from puente.counselling.selectors.followups import list_due
from puente.counselling.selectors.introductions import list_introductions
from tests.counselling.conftest import NOW


def explain(queryset):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    return queryset.explain()


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("due", "follow_ups_due"),
        ("all introductions", "introductions_of_office"),
        ("hired", "introductions_by_state"),
        ("shortlists", "shortlists_of_person"),
        ("choices", "choices_of_person"),
    ],
)  # fmt: skip
def test_a_list_reads_its_index(counsellor, person, name, index):
    lists = {
        "due": lambda: list_due(counsellor, NOW.date()).order_by("due_on", "id")[:17],
        "all introductions": lambda: list_introductions(counsellor).order_by("-state_at", "-id")[:17],
        "hired": lambda: list_introductions(counsellor, Introduction.State.HIRED).order_by("-state_at", "-id")[:17],
        "shortlists": lambda: Shortlist.objects.filter(person=person).order_by("-made_at", "-id")[:1],
        "choices": lambda: Choice.objects.filter(person=person).order_by("-made_at", "-id")[:1],
    }
    assert index in explain(lists[name]())
