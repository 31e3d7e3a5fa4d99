"""Plants markers through the real pages of a product of its own. Run as a process: `python -m tests.trust.planting`.

Every room has one function below; a room to come adds its own to ROOMS. A marker is a word or a number that
appears nowhere else, so that the test can look for it in everything that was written.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from random import SystemRandom
from typing import Any

import django

CONSONANTS = "bdfgjklmprstvxz"
VOWELS = "aeiou"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Markers:
    """What was planted: all words begin with one stem, all numbers with one row of digits."""

    stem: str = ""
    digits: str = ""
    control: str = ""
    planted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        dice = SystemRandom()
        self.stem = "".join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in range(5)).capitalize()
        self.digits = "7" + "".join(dice.choice("0123456789") for _ in range(10))
        self.control = "".join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in range(7)).capitalize()
        self._numbers = count(10)

    def word(self, what: str) -> str:
        """Return a new word, and note what it stands for."""
        number = next(self._numbers)
        word = f"{self.stem}{VOWELS[number % 5]}{CONSONANTS[number // 5 % 15]}{CONSONANTS[number % 15]}"
        self.planted.append(what)
        return word

    def number(self, what: str) -> str:
        """Return a new number of thirteen digits."""
        self.planted.append(what)
        return f"{self.digits}{next(self._numbers)}"


Product = dict[str, Any]
"""Clients by role, the day's people as they come to exist, and the markers."""


def plant_list(product: Product, markers: Markers) -> None:
    """A list of a bus: names, a birth place and a reference nobody must find."""
    from tests.trust.browser import fill_in

    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["APELLIDO PATERNO", "APELLIDO MATERNO", "NOMBRES", "ENTIDAD", "FOLIO"])
    for number in range(3):
        name = [markers.word(f"list {number}: {part}") for part in ("first surname", "second surname", "given")]
        rows.writerow([*name, markers.word(f"list {number}: place"), markers.number(f"list {number}: reference")])
    file = io.BytesIO(table.getvalue().encode())
    file.name = "lista.csv"
    client = product["reception"]
    sent = fill_in(
        client, "/reception/lists/new/", "sender", sender="CBP", kind="bus", point=product["point"], file=file
    )
    client.get(sent.url)
    loaded = client.post(f"{sent.url}load/")
    assert loaded.status_code == 302, "the list was not loaded"
    client.get(loaded.url)


def plant_arrivals(product: Product, markers: Markers) -> None:
    """Two people at the desk: one with everything that can be said, one whose identity is not established."""
    from puente.people.models import Person
    from tests.trust.browser import find_form

    client, word, number = product["reception"], markers.word, markers.number
    names = {part: word(f"desk: {part}") for part in ("first_surname", "second_surname", "given")}
    typed = " ".join(names.values())
    client.post("/reception/candidates/", {"text": f"{typed} 92 mich"})
    for changes in (
        names
        | {
            "preferred": word("desk: preferred"), "mother": word("desk: mother"), "birth_year": "1992",
            "birth_month": "3", "birth_day": "14", "sex": "M", "curp": number("desk: CURP"),
            "papers-0-kind": "gt_dpi", "papers-0-number": number("desk: paper"),
            "phones-0-number": number("desk: phone"), "phones-0-instructions": word("desk: instructions"),
            "immediate_need": word("desk: immediate need"), "hand_over": "medical",
            "hand_over_note": word("desk: note to another service"), "witness": word("desk: witness"),
            "in_danger": "yes",
        },
        {"is_unknown": "on", "description": word("desk: description"), "immediate_need": word("desk: need of unknown")},
    ):  # fmt: skip
        form = client.post("/reception/new/form/", {"text": typed, "new": "1"}).content.decode()
        sheet = find_form(form, "command_id")
        values = sheet.values | {
            "point": product["point"], "handed_over_by": "ice", "accompaniment": "adult_alone", "listed": "",
            "services": ["water_food"], "means": "verbal", "capacity": "self", "consent_care": "given",
        } | changes  # fmt: skip
        if "is_unknown" in changes:
            values |= {"first_surname": "", "second_surname": "", "given": "", "witness": word("desk: second witness")}
        refused = client.post(sheet.action, values | {"handed_over_by": ""})
        assert refused.status_code == 422, "a wrong form is refused, and its content logged nowhere"
        answer = client.post(sheet.action, values)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        client.get(answer.url)
        client.get(f"{answer.url.partition('?')[0]}slip.pdf")
    with product["acting"]("reception"):
        product["people"] = [str(pk) for pk in Person.objects.order_by("created_at").values_list("pk", flat=True)]


def plant_people(product: Product, markers: Markers) -> None:
    """The search, a correction with every field, a consent with its witness."""
    from tests.trust.browser import fill_in

    client, word, number = product["reception"], markers.word, markers.number
    person = product["people"][0]
    client.post("/people/", {"q": f"{markers.stem} {word('search: typed')}"})
    page = f"/people/{person}/correct/"
    fill_in(
        client, page, "as_said", reason="said",
        **{
            "as_said": word("person: as said"), "given": word("person: given"), "preferred": word("person: preferred"),
            "aliases-0-given": word("alias: given"), "aliases-0-first_surname": word("alias: first surname"),
            "aliases-0-second_surname": word("alias: second surname"), "description": word("person: description"),
            "mother": word("person: mother"), "address": word("person: address"),
            "family_contact": word("person: family"), "curp_verified": "on", "curp_proof": word("person: proof"),
            "papers-1-kind": "foreign_passport", "papers-1-number": number("person: passport"),
            "phones-1-number": number("person: phone"), "phones-1-instructions": word("person: safe contact"),
        },
    )  # fmt: skip
    wrong = client.post(page, {"phones-0-number": word("person: refused phone"), "phones-TOTAL_FORMS": "1"})
    assert wrong.status_code == 422
    client.get(f"/people/{person}/who/")
    fill_in(
        client, f"/people/{person}/consents/", "witness", decision_work_search="given", means="verbal",
        capacity="self", witness=word("consent: witness"),
    )  # fmt: skip


def plant_needs(product: Product, markers: Markers) -> None:
    """An assessment with a marker in every free text, a need added by hand, and what became of it."""
    from tests.trust.browser import fill_in, find_form, read_forms

    client, word = product["counsellor"], markers.word
    person = product["people"][0]
    answer = client.post(f"/needs/person/{person}/assess/", follow=True)
    for _ in range(60):
        address = answer.redirect_chain[-1][0] if answer.redirect_chain else answer.request["PATH_INFO"]
        forms = [form for form in read_forms(answer.content.decode()) if "asked" in form.values]
        if not forms:
            break
        form = forms[0]
        texts = {name: word(f"needs: {name}") for name in sorted(form.texts)}
        declined = {}
        for name in form.values["asked"]:
            if name not in texts:
                declined = {"decline": name}
                client.post(form.action or address, form.values | texts | declined)
        answer = client.post(form.action or address, form.values | texts | {"all": "1"}, follow=True)
    fill_in(client, f"/needs/person/{person}/add/", "note", kind=product["need_kind"], note=word("needs: note"))
    page = client.get(f"/needs/person/{person}/").content.decode()
    need = product["find_need"](page)
    moved = find_form(client.get(need).content.decode(), "reason")
    client.post(moved.action or f"{need}move/", moved.values | {"status": "withdrawn", "reason": word("needs: reason")})


def plant_counselling(product: Product, markers: Markers) -> None:
    """The work profile: a past job in the person's words, its employer, what else they can do."""
    from tests.trust.browser import fill_in

    client, word = product["counsellor"], markers.word
    person = product["people"][0]
    client.post(f"/counselling/people/{person}/jobs/suggest/", {"words": word("job: typed")})
    for number in range(2):
        fill_in(
            client, f"/counselling/people/{person}/jobs/", "words", words=f"roofer {word(f'job {number}: words')}",
            years="6", country="US", employer=word(f"job {number}: employer and town"),
        )  # fmt: skip
    skills = {"skillsform-skills": f"{word('profile: skill')}\n{word('profile: second skill')}"}
    fill_in(client, f"/counselling/people/{person}/profile/papers/", "skillsform-skills", **skills)
    client.get(f"/counselling/people/{person}/")


def plant_control(product: Product, markers: Markers) -> None:
    """What must be found: the name of an employer stands in clear."""
    from tests.trust.browser import fill_in

    fill_in(product["liaison"], "/openings/employers/new/", "contact_name", name=markers.control)


ROOMS: tuple[Callable[[Product, Markers], None], ...] = (
    plant_list,
    plant_arrivals,
    plant_people,
    plant_needs,
    plant_counselling,
    plant_control,
)


def build_product() -> Product:
    """Load the content, create the staff, and return what the rooms need."""
    from django.test import Client
    from django.utils import timezone

    from puente.config.content import load_content
    from puente.needs.models import NeedKind
    from puente.offices.models import Office
    from puente.offices.selectors import list_points
    from puente.platform.row_security import acting_as
    from tests.cast import build_cast

    load_content()
    cast = build_cast()
    clients: Product = {}
    for role in ("reception", "counsellor", "liaison"):
        client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "en"})
        client.force_login(cast.users[role], backend=BACKEND)
        clients[role] = client
    point = list_points(Office.objects.get(code="juarez").pk, timezone.localdate()).first()
    kind = NeedKind.objects.order_by("pk").first()
    return clients | {
        "point": point.pk,
        "need_kind": kind.code,
        "find_need": _find_need,
        "acting": lambda role: acting_as(cast.actors[role]),
    }


def _find_need(html: str) -> str:
    import re

    found = re.search(r'href="(/needs/[0-9a-f-]{36}/)"', html)
    assert found, "the page lists no need"
    return found[1]


def read_sessions() -> list[Any]:
    """Return what the sessions hold, unpacked: they are compressed in their table."""
    from django.contrib.sessions.models import Session

    return [session.get_decoded() for session in Session.objects.all()]


def main(report: Path) -> None:
    """Plant everything and write down what was planted."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", database="owner", interactive=False, verbosity=0)
    markers = Markers()
    product = build_product()
    for plant in ROOMS:
        plant(product, markers)
    report.write_text(json.dumps(asdict(markers) | {"sessions": read_sessions()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
