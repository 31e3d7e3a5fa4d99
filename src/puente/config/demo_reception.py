"""Demo arrivals: invented people on three lists of today, some received before, at every stage of the bridge."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.vocabulary import FEMALE_NAMES, MALE_NAMES, SURNAMES
from puente.offices.models import Municipality, Office
from puente.platform.ids import make_id
from puente.platform.policy import Actor
from puente.platform.row_security import acting_as
from puente.reception.ages import is_surely_minor
from puente.reception.models import Arrival, Manifest, ManifestLine, Stage
from puente.reception.payload import parse_payload
from puente.reception.services.arrivals import register_arrival
from puente.reception.services.manifests import (
    ListFacts,
    close_manifest,
    load_list,
    upload_list,
)
from puente.reception.services.queue import advance_person, leave_queue, take_person

POINT = "juarez_paso_del_norte"
#: States by their share of returns.
HOME_STATES = {"16": 12, "20": 11, "12": 10, "07": 9, "11": 8, "30": 7, "21": 7, "08": 6, "32": 4, "10": 4, "14": 4}
#: How a person stands at the end of the demo: stage, how many of 100, since how many minutes at most.
STANDING = ((Stage.ARRIVAL, 30, 35), (Stage.NEEDS, 22, 40), (Stage.COUNSELLING, 18, 55), (Stage.JOURNEY, 18, 150),
            (Stage.FOLLOW_UP, 12, 400))  # fmt: skip
SHARE_OF_TODAY = 0.42
SHARE_RECEIVED_BEFORE = 0.25
GIVEN = ("phone_call", "hygiene_kit", "medical_care", "programme_information", "repatriation_certificate")
NEEDS = ("", "", "", "Avisar a su esposa", "Dolor de rodilla", "Cambiar ropa mojada", "Cargar el teléfono")
LANGUAGES = (["spanish"],) * 8 + (["spanish", "english"],) * 3 + (["nahuatl", "spanish"], ["mixteco", "spanish"])


@dataclass(frozen=True)
class DemoArrivals:
    """Whom the demo received, for those who go on with them: people and arrivals of today, at which stage."""

    person_ids: list[UUID] = field(default_factory=list)
    arrivals: list[tuple[UUID, UUID, Stage]] = field(default_factory=list)


def create_demo(
    *, reception: Actor, counsellor: Actor, office: Office, now: datetime, people: int = 160, seed: int = 2026
) -> DemoArrivals:
    """Receive invented people: today's queue, earlier days of the month, and earlier returns.

    Args:
        people: how many; about two in five arrive today.

    Returns:
        Everybody received, and who of them stands in today's queue at which stage.
    """
    random = Random(seed)
    homes = _draw_homes(random, people)
    invented = [_invent(random, office, home, now) for home in homes]
    today = invented[: round(people * SHARE_OF_TODAY)]
    received = DemoArrivals()
    with acting_as(reception):
        for payload in invented[len(today) :]:
            _receive_earlier(random, reception, payload, now - timedelta(days=random.randint(1, 26)))
        for payload in today:
            is_adult = payload["arrival"]["accompaniment"] == "adult_alone"
            if is_adult and random.random() < SHARE_RECEIVED_BEFORE:
                _receive_earlier(random, reception, payload, now - timedelta(days=random.randint(200, 2500)))
        lines = _load_lists(random, reception, office, today, now)
        for payload in _by_hour(today):
            _receive_today(random, reception, counsellor, payload, lines, now, received)
        closed = Manifest.objects.filter(office=office).order_by("expected_at").first()
        if closed is not None:
            close_manifest(actor=reception, manifest_id=closed.pk, now=now)
        received.person_ids[:] = list(
            Arrival.objects.filter(office=office).values_list("person", flat=True).distinct().order_by("person")
        )
    return received


def _draw_homes(random: Random, count: int) -> list[Municipality]:
    states = random.choices(list(HOME_STATES), weights=list(HOME_STATES.values()), k=count)
    by_state = {
        state: list(Municipality.objects.filter(state_id=state).order_by("code")) for state in sorted(set(states))
    }
    return [
        random.choices(by_state[state], weights=[place.population**0.7 for place in by_state[state]])[0]
        for state in states
    ]


def _invent(random: Random, office: Office, home: Municipality, now: datetime) -> dict[str, Any]:
    """Return the payload of one invented person; the arrival's hour is set when they arrive."""
    is_child, is_woman = random.random() < 0.06, random.random() < 0.2
    names = [name.capitalize() for name in (FEMALE_NAMES if is_woman else MALE_NAMES)]
    surnames = [name.capitalize() for name in SURNAMES]
    year = now.year - (random.randint(6, 16) if is_child else random.choice(range(19, 62)))
    return {
        "office_id": str(office.pk),
        "person_id": str(make_id()),
        "identity": {
            "name": {
                "given": random.choice(names[:120]),
                "first_surname": random.choice(surnames[:200]),
                "second_surname": random.choice(surnames[:200]),
            },
            "birth": {"year": year, "month": random.randint(1, 12), "day": random.randint(1, 28)},
            "sex": "F" if is_woman else "M",
            "birth_state": home.state_id,
            "nationality": "MX",
            "home_municipality": home.code,
            "languages": random.choice(LANGUAGES),
        },
        "arrival": {
            "id": str(make_id()),
            "point": POINT,
            "handed_over_by": random.choice(["border_patrol", "ice", "ice", "cbp_field_operations"]),
            "last_us_state": random.choice(["TX", "TX", "CA", "GA", "IL", "NC", "CO", "AZ"]),
            "time_in_us": random.choice(["up_to_one_month", "one_to_five_years", "more_than_ten_years"]),
            "accompaniment": "minor_with_parent" if is_child else "adult_alone",
        },
        "services": ["water_food", *random.sample(GIVEN, k=random.randint(2, len(GIVEN)))],
        "consents": {
            "decisions": {
                "care": "given",
                "work_search": random.choice(["given", "given", "refused"]),
                "contact_later": random.choice(["given", "refused"]),
                "referral": "given",
            },
            "means": "verbal",
            "witness": "Rocío Armendáriz",
        },
        "immediate_need": random.choice(NEEDS),
        "in_danger": random.choices(["no", "no_answer", "yes"], weights=[92, 5, 3])[0],
    }


def _receive_earlier(random: Random, reception: Actor, payload: dict[str, Any], at: datetime) -> None:
    """An earlier return of the same person; their journey is over."""
    earlier = payload | {
        "arrival": payload["arrival"] | {"id": str(make_id()), "arrived_at": at.isoformat()},
        # The words of consent of that time are not in the catalogue any more.
        "consents": {},
        "in_danger": "no",
    }
    birth = PartialDate.from_parts(*payload["identity"]["birth"].values())
    if is_surely_minor(birth, at.date()):
        earlier["arrival"]["accompaniment"] = "minor_with_parent"
    arrival = register_arrival(actor=reception, said=parse_payload(earlier), now=at)
    hours = 0
    for stage in (Stage.NEEDS, Stage.COUNSELLING, Stage.JOURNEY)[: random.randint(1, 3)]:
        hours += 1
        advance_person(actor=reception, arrival_id=arrival.pk, stage=stage, now=at + timedelta(hours=hours))
    leave_queue(actor=reception, arrival_id=arrival.pk, now=at + timedelta(hours=hours + 1))
    payload["identity"] = None


def _load_lists(
    random: Random, reception: Actor, office: Office, today: Sequence[dict[str, Any]], now: datetime
) -> dict[str, UUID]:
    """Load three lists with most of today's people and some who do not come; returns person → line."""
    senders = (("CBP", Manifest.Kind.ON_FOOT, 5), ("ICE", Manifest.Kind.BUS, 3), ("CBP", Manifest.Kind.BUS, 1))
    lines: dict[str, UUID] = {}
    for number, (sender, kind, hours) in enumerate(senders):
        expected_at = now - timedelta(hours=hours)
        group = list(today[number :: len(senders)])
        for payload in group:
            arrived_at = expected_at + timedelta(minutes=random.randint(2, 50))
            payload["arrival"]["arrived_at"] = min(arrived_at, now).isoformat()
        listed = [payload for payload in group if payload["identity"] and random.random() < 0.9]
        rows = [_write_row(payload) for payload in listed]
        rows += [_write_absent(random) for _ in range(random.randint(2, 6))]
        if not rows:
            continue
        content = io.StringIO()
        writer = csv.writer(content)
        writer.writerow(["LAST NAME", "FIRST NAME", "DOB"])
        writer.writerows(rows)
        draft = upload_list(
            actor=reception, office_id=office.pk, content=content.getvalue().encode(), now=expected_at,
            facts=ListFacts(sender, kind, POINT, expected_at),
        )  # fmt: skip
        manifest = load_list(actor=reception, draft_id=draft.pk, now=expected_at)
        rows_of = dict(ManifestLine.objects.filter(manifest=manifest).values_list("row_number", "pk"))
        lines |= {payload["person_id"]: rows_of[row] for row, payload in enumerate(listed, start=2)}
    return lines


def _write_row(payload: dict[str, Any]) -> list[str]:
    name, birth = payload["identity"]["name"], payload["identity"]["birth"]
    surnames = f"{name['first_surname']}-{name['second_surname']}".upper()
    return [surnames, name["given"].upper(), f"{birth['month']:02d}/{birth['day']:02d}/{birth['year']}"]


def _write_absent(random: Random) -> list[str]:
    return [
        f"{random.choice(SURNAMES)}-{random.choice(SURNAMES)}".upper(),
        str(random.choice(MALE_NAMES)).upper(),
        f"{random.randint(1, 12):02d}/{random.randint(1, 28):02d}/{random.randint(1970, 2005)}",
    ]


def _by_hour(today: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield from sorted(today, key=lambda payload: str(payload["arrival"]["arrived_at"]))


def _receive_today(
    random: Random,
    reception: Actor,
    counsellor: Actor,
    payload: dict[str, Any],
    lines: dict[str, UUID],
    now: datetime,
    received: DemoArrivals,
) -> None:
    line = lines.get(payload["person_id"])
    payload["arrival"]["line_id"] = str(line) if line else None
    stage, _share, longest = random.choices(STANDING, weights=[share for _stage, share, _minutes in STANDING])[0]
    since = now - timedelta(minutes=random.randint(2, longest))
    at = min(datetime.fromisoformat(payload["arrival"]["arrived_at"]), since)
    payload["arrival"]["arrived_at"] = at.isoformat()
    registered_at = since if stage is Stage.ARRIVAL else at
    arrival = register_arrival(actor=reception, said=parse_payload(payload), now=registered_at)
    passed = [other for other in Stage if 1 < other.number <= stage.number]
    with acting_as(counsellor):
        for step, reached in enumerate(passed, start=1):
            moment = at + (since - at) * step / len(passed)
            advance_person(actor=counsellor, arrival_id=arrival.pk, stage=reached, now=moment)
        if random.random() < 0.5:
            taker = counsellor if stage.number > 1 else reception
            with acting_as(taker):
                take_person(actor=taker, arrival_id=arrival.pk, now=since)
    received.arrivals.append((arrival.pk, arrival.person_id, stage))
