import pytest
from django.db.models import Count

from puente.config.demo_opportunities import create_demo
from puente.opportunities.models import Employer, ImportRow, Opening
from puente.opportunities.selectors.market import load_opening_table
from puente.opportunities.selectors.wages import find_minimum_wage
from tests.opportunities.boards import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_the_demo_has_openings_of_each_kind_in_every_state_and_no_offer_below_the_minimum_wage(cast):
    counts = create_demo(actor=cast.liaison, now=NOW)
    assert (counts["offers"], counts["rejected"], counts["notes"], counts["municipality"]) == (600, 0, 0, 600)
    # A few titles are left for the queue, so that it has something to show.
    assert counts["unresolved"] == counts["occupation_queued"] <= 12
    kinds = dict(Opening.objects.values_list("kind").annotate(number=Count("pk")))
    assert min(kinds.values()) > 15
    assert set(kinds) == set(Opening.Kind.values)
    assert Opening.objects.values("state").distinct().count() == 32
    assert not ImportRow.objects.filter(kind="rejected").exists()
    for opening in Opening.objects.filter(kind="vacancy").select_related("municipality"):
        assert opening.wage_min >= find_minimum_wage(opening.municipality, TODAY).monthly
    assert Employer.objects.filter(trust="avoid").count() == 1
    assert 590 < len(load_opening_table(cast.counsellor, NOW)) < 600


def test_the_demo_made_twice_is_the_demo_made_once(cast):
    create_demo(actor=cast.liaison, now=NOW, number=60)
    again = create_demo(actor=cast.liaison, now=NOW, number=60)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 60)
