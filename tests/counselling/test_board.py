"""300 generated returnees, with real name frequencies and plausible trades, on the national board of August 2018."""

import argparse
import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from rich.console import Console

from benchmarks.synthetic_people import STATES, load_frequencies, make_people
from puente.config.demo_counselling import SCHOOLING, TRADES, describe_job
from puente.counselling.facts import LIMITED_DEMANDS
from puente.counselling.models import ShortlistEntry
from puente.counselling.services.profiles import save_profile
from puente.counselling.services.shortlists import make_shortlist
from puente.offices.models import Municipality
from puente.opportunities.console import load_vacancies
from puente.opportunities.requirements import SCHOOLING_LEVELS
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, register_person
from puente.platform.row_security import acting_as

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]
PEOPLE = 300
NOW = datetime(2018, 8, 31, 18, 0, tzinfo=UTC)


def draw_answers(draw, state, towns):
    """Draw a home by population, trades by how often returned people have them, and plausible wishes."""
    home = draw.choices(towns[state], [town.population for town in towns[state]])[0].code
    words = draw.choices([trade for trade, _ in TRADES], [weight for _, weight in TRADES], k=draw.randint(1, 2))
    return {
        "jobs": tuple(describe_job(draw, word) for word in dict.fromkeys(words)),
        "home_municipality": home,
        "places": (home, state),
        "wage_floor": draw.choice([3000, 4000, 5000, 6000]),
        "wage_give": draw.choice([0, 500, 1000]),
        "max_hours": draw.choice([None, 48, 60]),
        "refused_schedule": draw.choice([None, (), ("sundays",), ("nights",), ("sundays", "nights")]),
        "schooling": draw.choices([code for code, _ in SCHOOLING], [weight for _, weight in SCHOOLING])[0],
        "english": draw.choice([None, 1, 2, 3, 4]),
        "licences": draw.choice([None, (), ("mx_car",)]),
        "documents": draw.choice([None, ("curp",), ()]),
        "body_limits": draw.choice([None, (), ("heavy_lifting",)]),
    }


def find_broken(opening, answers):
    """Return the hard rules that a listed opening breaks, asked one by one of the rows themselves."""
    broken = []
    if not opening.is_remote and opening.state_id not in (None, answers["places"][1]):
        broken.append("state")
    wage = opening.wage_min if opening.wage_min is not None else opening.wage_max
    if opening.kind == "vacancy" and wage is not None and wage < answers["wage_floor"] - answers["wage_give"]:
        broken.append("wage")
    if opening.schooling > SCHOOLING_LEVELS[answers["schooling"]]:
        broken.append("schooling")
    if answers["english"] is not None and opening.english > answers["english"]:
        broken.append("english")
    for kind in ("licences", "documents"):
        if answers[kind] is not None and not set(getattr(opening, kind)) <= set(answers[kind]):
            broken.append(kind)
    if answers["body_limits"] and {LIMITED_DEMANDS[code] for code in answers["body_limits"]} & set(opening.physical):
        broken.append("body")
    refused = answers["refused_schedule"] or ()
    if ("sundays" in refused and opening.works_sundays) or ("nights" in refused and opening.works_nights):
        broken.append("week")
    if answers["max_hours"] and opening.hours_a_week is not None and opening.hours_a_week > answers["max_hours"]:
        broken.append("hours")
    return broken


def test_three_hundred_returnees_each_get_a_shortlist_that_breaks_no_rule(realdata, cast, capsys):
    board = realdata / "labour" / "portal_del_empleo_201808.csv.gz"
    assert load_vacancies(argparse.Namespace(file=str(board), json=True, dry_run=False), Console()) == 0
    draw = random.Random(300)
    towns = {state: list(Municipality.objects.filter(state=state)) for state in STATES}
    listed, broken = [], Counter()
    for number, candidate in enumerate(make_people(PEOPLE, seed=300, frequencies=load_frequencies())):
        answers = draw_answers(draw, candidate.birth_state, towns)
        with acting_as(cast.reception):
            person = register_person(
                actor=cast.reception, office_id=cast.bridge.id, identity=IdentityDocument(name=candidate.name), now=NOW,
                facts=PersonFacts(birth_year=draw.randint(1955, 1999)),
            )  # fmt: skip
        with acting_as(cast.counsellor):
            save_profile(actor=cast.counsellor, person_id=person.pk, changes=answers, after_version=0, now=NOW)
            shortlist = make_shortlist(actor=cast.counsellor, person_id=person.pk, now=NOW)
            entries = list(ShortlistEntry.objects.filter(shortlist=shortlist, part="all").select_related("opening"))
        listed.append(len(entries))
        assert entries, f"person {number} of {candidate.birth_state} got no opening"
        for entry in entries:
            broken.update(find_broken(entry.opening, answers))
            assert len(entry.reasons) <= 2
    assert not broken
    assert sum(listed) / PEOPLE > 9
