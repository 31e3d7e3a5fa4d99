"""Demo counselling: invented people with plausible trades, their lists, choices, introductions and follow-ups."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from puente.counselling.facts import JobFacts
from puente.counselling.models import Choice, Introduction, Outcome, Shortlist, ShortlistEntry
from puente.counselling.selectors.followups import list_due
from puente.counselling.selectors.profiles import read_profile
from puente.counselling.services.introductions import (
    CONSENT,
    IntroducedAlready,
    digest_introduction,
    move_introduction,
    send_introduction,
    write_introduction,
)
from puente.counselling.services.outcomes import plan_follow_ups, record_outcome
from puente.counselling.services.profiles import save_profile
from puente.counselling.services.shortlists import MOST_CHOSEN, choose_openings, make_shortlist, refuse_all
from puente.opportunities.selectors.catalogues import suggest_occupations
from puente.opportunities.selectors.openings import get_openings
from puente.people.models import Person
from puente.people.selectors import has_consent
from puente.people.services import read_person, record_consents
from puente.platform.policy import Actor, Purpose

#: What returned people have worked as, in their words, and how often (domain E and A7: construction first).
TRADES = [
    ("roofer", 7),
    ("albañil", 9),
    ("drywall", 5),
    ("carpintero", 5),
    ("pintor", 4),
    ("plomero", 4),
    ("electricista", 4),
    ("concrete finisher", 3),
    ("welder", 4),
    ("landscaping", 5),
    ("dishwasher", 4),
    ("cocinero", 6),
    ("line cook", 3),
    ("mesero", 3),
    ("housekeeping", 4),
    ("limpieza de oficinas", 3),
    ("pizcador", 5),
    ("jornalero", 5),
    ("lechería", 2),
    ("forklift", 3),
    ("warehouse", 4),
    ("truck driver", 3),
    ("mecánico", 3),
    ("hojalatero", 2),
    ("costurera", 2),
    ("niñera", 2),
    ("cuidadora de ancianos", 2),
    ("cajera", 2),
    ("empacadora de carne", 3),
]
SCHOOLING = [
    ("primary", 4),
    ("secondary_incomplete", 2),
    ("secondary", 7),
    ("high_school_incomplete", 2),
    ("high_school", 3),
]
SHARE_OF_REFUSALS = 0.1
SHARE_OF_INTRODUCTIONS = 0.5
SHARE_SEEN_A_MONTH_AGO = 0.4


def create_demo(
    *, counsellor: Actor, office_id: UUID, person_ids: Iterable[UUID], now: datetime, seed: int = 2026
) -> dict[str, int]:
    """Counsel people, inside `acting_as(counsellor)`; returns how many profiles, choices and introductions were made.

    Args:
        person_ids: people whom the office serves; children and whoever has no home municipality are passed over.
    """
    random = Random(seed)
    counts = {"work profiles": 0, "choices": 0, "introductions": 0}
    adults = Person.objects.filter(birth_year__lt=now.year - 18, home_municipality__isnull=False)
    for person in adults.filter(pk__in=list(person_ids)).order_by("pk"):
        _write_profile(random, counsellor, person, now)
        shortlist = make_shortlist(actor=counsellor, person_id=person.pk, now=now)
        counts["work profiles"] += 1
        choice = _choose(random, counsellor, shortlist, now)
        if choice is None:
            continue
        counts["choices"] += 1
        if choice.openings and random.random() < SHARE_OF_INTRODUCTIONS:
            counts["introductions"] += _introduce(random, counsellor, office_id, choice, now)
        if random.random() < SHARE_SEEN_A_MONTH_AGO:
            seen = now.date() - timedelta(days=random.randint(26, 100))
            plan_follow_ups(actor=counsellor, person_id=person.pk, office_id=office_id, counted_from=seen, now=now)
    _follow_up(random, counsellor, now)
    return counts


def _write_profile(random: Random, counsellor: Actor, person: Person, now: datetime) -> None:
    words = random.choices([trade for trade, _ in TRADES], [weight for _, weight in TRADES], k=random.randint(1, 2))
    home = person.home_municipality_id or ""
    floor = random.choice([8000, 8500, 9000, 9600, 10500, 12000])
    save_profile(
        actor=counsellor,
        person_id=person.pk,
        after_version=0,
        now=now,
        changes={
            "jobs": tuple(describe_job(random, word) for word in dict.fromkeys(words)),
            "home_municipality": home,
            "places": (home, home[:2]),
            "wage_floor": floor,
            "wage_give": random.choice([0, 500, 1000]),
            "max_hours": random.choice([48, 48, 60, 168]),
            "refused_schedule": random.choice([(), ("sundays",), ("nights",), ("sundays", "nights")]),
            "household_size": random.randint(1, 5),
            "schooling": random.choices([code for code, _ in SCHOOLING], [weight for _, weight in SCHOOLING])[0],
            "english": random.choice([1, 2, 2, 3, 4]),
            "licences": random.choice([(), (), ("mx_car",), ("us_car",)]),
            "documents": random.choice([("curp",), ("curp", "birth_certificate"), ("curp", "voter_card"), ()]),
            "languages": ("spanish",),
            "body_limits": random.choice([(), (), (), ("heavy_lifting",)]),
        },
    )


def describe_job(random: Random, words: str) -> JobFacts:
    """Return a past job in somebody's words, with the likeliest occupation; unconfirmed where two are close."""
    occupations, suggestion = suggest_occupations(words)
    codes = tuple(occupation.code for occupation in occupations)
    is_confirmed = suggestion.question is None and bool(codes)
    return JobFacts(
        words=words,
        suggested=codes,
        close_pair=() if is_confirmed else tuple(suggestion.question or ()),
        occupation=codes[0] if codes else None,
        is_confirmed=is_confirmed,
        years=float(random.randint(1, 15)),
        country=random.choice(["US", "US", "MX"]),
    )


def _choose(random: Random, counsellor: Actor, shortlist: Shortlist, now: datetime) -> Choice | None:
    listed = list(ShortlistEntry.objects.filter(shortlist=shortlist, part="all").order_by("rank"))
    if random.random() < SHARE_OF_REFUSALS:
        why = random.choice(Choice.WhyNone.values)
        return refuse_all(actor=counsellor, shortlist_id=shortlist.pk, why=why, now=now)
    if not listed:
        return None
    chosen = [entry.opening_id for entry in listed[: random.randint(1, MOST_CHOSEN)]]
    return choose_openings(actor=counsellor, shortlist_id=shortlist.pk, openings=chosen, now=now)


def _introduce(random: Random, counsellor: Actor, office_id: UUID, choice: Choice, now: datetime) -> int:
    """Introduce the person to the first employer they chose, and let some time pass."""
    person = Person.objects.get(pk=choice.person_id)
    opening = get_openings(counsellor, choice.openings[:1]).get(choice.openings[0])
    if opening is None or opening.employer is None:
        return 0
    if not has_consent(counsellor, person.pk, CONSENT):
        record_consents(
            actor=counsellor,
            person_id=person.pk,
            office_id=office_id,
            decisions={CONSENT: "given", "contact_later": "given"},
            language="es",
            means="signature",
            purpose=Purpose.COUNSELLING,
            now=now,
        )
    opened = read_person(person)
    shown = write_introduction(opened, read_profile(counsellor, person.pk, opened.data_key).facts, opening)
    try:
        introduction = send_introduction(
            actor=counsellor,
            person_id=person.pk,
            opening_id=opening.pk,
            channel=random.choice(Introduction.Channel.values),
            shown_digest=digest_introduction(shown),
            now=now,
        )
    except IntroducedAlready:
        return 0
    for state in random.choice(
        [(), (), ("answered",), ("answered", "interview"), ("interview", "hired"), ("refused",), ("no_show",)]
    ):
        move_introduction(
            actor=counsellor,
            introduction_id=introduction.pk,
            state=state,
            now=now,
            wage=int(opening.wage_min or 0) or None if state == "hired" else None,
        )
    return 1


def _follow_up(random: Random, counsellor: Actor, now: datetime) -> None:
    """Ask half of those who are due."""
    for follow_up in list(list_due(counsellor, now.date()).order_by("due_on", "id")):
        if random.random() < 0.5:
            work = random.choice(Outcome.Work.values)
            record_outcome(
                actor=counsellor,
                follow_up_id=follow_up.pk,
                work=work,
                wage=random.choice([8200, 9400, 11000, None]),
                through_introduction=random.choice([True, False]),
                note="",
                now=now,
            )
