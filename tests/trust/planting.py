"""Plants markers through the real pages of a product of its own. Run as a process: `python -m tests.trust.planting`.

Every room has one function below; a room to come adds its own to ROOMS. A marker is a word or a number that
appears nowhere else, so that the test can look for it in everything that was written.
"""

from __future__ import annotations

import csv
import io
import json
import re
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
        newest = Person.objects.order_by("-created_at").values_list("pk", flat=True)[:2]
        product["people"] = [str(pk) for pk in reversed(newest)]


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


def plant_screening(product: Product, markers: Markers) -> None:
    """A screening with its place, an override with a reason, a correction; a factor of vulnerability, twice."""
    from dataclasses import replace

    from django.utils import timezone

    from puente.platform.row_security import acting_as
    from puente.protection.services import create_case
    from tests.cast import step_up_client
    from tests.trust.browser import fill_in

    client, word, officer = product["protection"], markers.word, product["officer"]
    now = timezone.now()
    with acting_as(replace(officer, step_up_at=now)):
        person = product["people"][1]
        case = create_case(
            actor=replace(officer, step_up_at=now), person_id=person, office_id=product["office"], now=now
        )
    step_up_client(client)
    pages = f"/protection/cases/{case.pk}/"
    client.post(f"{pages}open/", {"opening_purpose": "protection"})
    held = {"subject": "labour", "age_basis": "adult", "consent_by": "person", "is_private": "yes"}
    refused = client.post(f"{pages}screenings/new/", {"place": word("screening: refused place")})
    assert refused.status_code == 422
    begun = fill_in(client, f"{pages}screenings/new/", "place", place=word("screening: place"), **held)
    screening = client.get(begun.url).url.partition("part/")[0]
    client.post(f"{screening}part/EX/", {"EX01": "yes", "EX02": "yes"})
    client.post(f"{screening}story/", {"act": "yes", "legal_forms": ["forced_labour"]})
    reason = word("screening: reason of the officer")
    fill_in(client, f"{screening}reading/", "reason", outcome="presumed_victim", reason=reason)
    fill_in(client, f"{screening}correct/EX02/", "reason", answer="no", reason=word("screening: correction"))
    for number in range(2):
        fill_in(
            client, f"{pages}vulnerability/new/", "evidence", factor="other:household", effect="risk",
            own_words=word(f"factor {number}: words"), evidence=word(f"factor {number}: evidence"),
            action=word(f"factor {number}: action"),
        )  # fmt: skip
    client.get(f"{pages}vulnerability/")
    client.get(f"{screening}reading/")


def plant_child(product: Product, markers: Markers) -> None:
    """Every record of the child's part of a case with a marker in each of its words, one of them corrected."""
    from dataclasses import replace

    from django.utils import timezone

    from puente.platform.policy import registered_actions
    from puente.platform.row_security import acting_as
    from puente.protection.forms.children import FORMS
    from puente.protection.models import Case
    from tests.cast import step_up_client
    from tests.trust.browser import find_form

    client, now = product["protection"], timezone.localtime()
    officer = replace(product["officer"], step_up_at=timezone.now())
    with acting_as(officer):
        case = Case.objects.visible_to(officer, registered_actions()["case.view"])[0]
    step_up_client(client)
    client.post(f"/protection/cases/{case.pk}/open/", {"opening_purpose": "protection"})
    page = f"/protection/cases/{case.pk}/child/"
    earlier = {"arrived_at": f"{now.replace(year=now.year - 1):%Y-%m-%dT%H:%M}", "review_on": f"{now.year + 1}-01-01"}
    for topic, form_class in FORMS.items():
        form = form_class(topic)
        typed: dict[str, Any] = {}
        for name, asked in form.fields.items():
            if hasattr(asked, "choices"):
                typed[name] = next(str(value) for value, _label in asked.choices if value)
            elif type(asked).__name__ == "CharField":
                typed[name] = markers.word(f"child {topic}: {name}")
        known = next(name for name, asked in form.fields.items() if type(asked).__name__ in ("CharField", "DateField"))
        sheet = find_form(client.get(f"{page}{topic}/").content.decode(), known)
        assert client.post(f"{page}{topic}/", typed | {next(iter(form.fields)): ""}).status_code == 422
        sent = client.post(f"{page}{topic}/", sheet.values | earlier | typed)
        assert sent.status_code == 302, sent.content.decode()[-3000:]
    client.get(page)
    for topic in ("dif_handover", "prosecutor_notice"):
        assert client.get(f"{page}{topic}/paper.pdf").status_code == 200


def plant_rights(product: Product, markers: Markers) -> None:
    """A request asked by somebody else, its longer term, the decision, and the copy that is handed out."""
    from tests.trust.browser import fill_in

    client, word = product["counsellor"], markers.word
    person = product["people"][0]
    answer = fill_in(
        client, f"/rights/person/{person}/new/", "representative", kind="access", words=word("rights: words"),
        capacity="representative", representative=word("rights: representative"), identity_shown="known",
        means="verbal", answer_to=word("rights: where to answer"),
    )  # fmt: skip
    page = answer["Location"]
    client.post(f"{page}extend/", {"extend-reason": word("rights: longer term")})
    client.post(f"{page}decide/", {"decision": "accept", "reason": word("rights: decision")})
    for file_format in ("json", "pdf"):
        copy = client.post(f"{page}copy/", {"file_format": file_format})
        assert copy.status_code == 200, copy.status_code
    assert markers.stem in client.get(page).content.decode()


def plant_case(product: Product, markers: Markers) -> None:
    """Plan, contact, a follow-up and its end, notes in every part, a picture of a paper, a request to close."""
    from dataclasses import replace
    from datetime import timedelta

    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from puente.platform.policy import registered_actions
    from puente.platform.row_security import acting_as
    from puente.protection.models import Case
    from tests.cast import step_up_client
    from tests.hostile_files import photo
    from tests.trust.browser import fill_in

    client, word, now = product["protection"], markers.word, timezone.now()
    officer = replace(product["officer"], step_up_at=now)
    with acting_as(officer):
        mine = Case.objects.visible_to(officer, registered_actions()["case.view"])
        case = mine.filter(closed_at=None).order_by("-opened_at")[0]
    step_up_client(client)
    pages = f"/protection/cases/{case.pk}/"
    client.post(f"{pages}open/", {"opening_purpose": "protection"})
    soon = f"{timezone.localdate() + timedelta(days=20)}"
    plan = {name: word(f"plan: {name}") for name in (
        "risks", "safe_places", "never_go", "safe_person", "code_word", "what_to_do",
    )}  # fmt: skip
    assert client.post(f"{pages}plan/new/", plan).status_code == 422
    fill_in(client, f"{pages}plan/new/", "risks", risk="high", review_on=soon, **plan)
    contact = {name: word(f"contact: {name}") for name in ("number", "say", "never", "if_another_answers")}
    fill_in(
        client, f"{pages}contact/new/", "never", channels=["call"], begins="09:00", ends="18:00", review_on=soon,
        **contact,
    )  # fmt: skip
    fill_in(client, f"{pages}follow-ups/new/", "due_on", kind="call", due_on=soon, words=word("follow-up: words"))
    planned = re.search(rf"{pages}follow-ups/([0-9a-f-]{{36}})/", client.get(f"{pages}follow-ups/").content.decode())
    assert planned, "the page lists what was planned"
    fill_in(client, planned[0], "words", result="done", words=word("follow-up: what became of it"))
    for part in ("plan", "contact", "health", "testimony"):
        fill_in(client, f"{pages}notes/new/", "words", compartment=part, words=word(f"note: {part}"))
    note = re.search(rf"{pages}notes/[0-9a-f-]{{36}}/", client.get(f"{pages}history/").content.decode())
    assert note, "the history leads to the note"
    fill_in(client, note[0], "words", words=word("note: correction"))
    file = SimpleUploadedFile(f"{word('paper: name of the file')}.jpg", photo(), "image/jpeg")
    fill_in(client, f"{pages}papers/new/", "title", file=file, title=word("paper: title"), compartment="health")
    paper = re.search(rf"{pages}papers/[0-9a-f-]{{36}}/", client.get(f"{pages}papers/").content.decode())
    assert paper, "the page lists the paper"
    assert client.get(paper[0]).status_code == 200
    fill_in(client, f"{pages}closure/", "words", reason="left_area", words=word("closure: words"))
    step_up_client(product["supervisor"])
    waiting = product["supervisor"].get("/protection/closures/").content.decode()
    decision = re.findall(r"/protection/closures/[0-9a-f-]{36}/", waiting)[-1]
    fill_in(product["supervisor"], decision, "words", verdict="back", words=word("closure: answer"))
    for page in ("", "plan/", "contact/", "history/", "closure/"):
        assert client.get(f"{pages}{page}").status_code == 200
    client.get("/protection/cases/")


def plant_referral(product: Product, markers: Markers) -> None:
    """A referral to a shelter: refused, seen before it goes, sent, printed, and what became of it."""
    from dataclasses import replace
    from datetime import timedelta

    from django.utils import timezone

    from puente.offices.models import Service
    from puente.platform.policy import registered_actions
    from puente.platform.row_security import acting_as
    from puente.protection.models import Case
    from tests.cast import step_up_client
    from tests.trust.browser import fill_in, find_form

    client, word = product["protection"], markers.word
    officer = replace(product["officer"], step_up_at=timezone.now())
    with acting_as(officer):
        mine = Case.objects.visible_to(officer, registered_actions()["case.view"])
        case = mine.filter(closed_at=None).order_by("-opened_at")[0]
        service = Service.objects.filter(kinds="shelter").order_by("pk")[0]
    step_up_client(client)
    fill_in(
        client, f"/people/{case.person_id}/consents/", "witness", decision_referral="given", means="signature",
        capacity="self",
    )  # fmt: skip
    pages = f"/protection/cases/{case.pk}/"
    client.post(f"{pages}open/", {"opening_purpose": "protection"})
    told = {f"told_{name}": word(f"referral: {name}") for name in (
        "asked", "language", "safe_contact", "companions", "danger",
    )}  # fmt: skip
    said = {"service": service.pk, "way": "by_hand", **told}
    assert client.post(f"{pages}referrals/new/", {**said, "step": "preview", "expires_on": "no day"}).status_code == 422
    soon = f"{timezone.localdate() + timedelta(days=20)}"
    shown = client.post(f"{pages}referrals/new/", {**said, "step": "preview", "expires_on": soon})
    form = find_form(shown.content.decode(), "shown")
    sent = client.post(f"{pages}referrals/new/", {**form.values, "step": "send"})
    assert sent.status_code == 302, sent.status_code
    assert client.get(f"{sent['Location']}paper.pdf").status_code == 200
    fill_in(client, sent["Location"], "words", state="received", proof="service", words=word("referral: outcome"))
    assert markers.stem in client.get(sent["Location"]).content.decode()


def plant_reservation(product: Product, markers: Markers) -> None:
    """The person of whom most was said is reserved; lists show a reference, and somebody of the same name returns."""
    from dataclasses import replace

    from django.utils import timezone

    from puente.people.services import reserve_person
    from puente.platform.row_security import acting_as
    from tests.cast import step_up_client

    officer, now = replace(product["officer"], step_up_at=timezone.now()), timezone.now()
    person = product["people"][0]
    with acting_as(officer):
        reserve_person(actor=officer, person_id=person, office_id=product["office"], assigned_to=officer.id, now=now)
    for role in ("reception", "counsellor", "protection"):
        for page in ("/", "/reception/queue/", "/people/", "/needs/", "/counselling/", f"/person/{person}/"):
            product[role].get(page)
    step_up_client(product["protection"])
    assert product["protection"].get(f"/person/{person}/").status_code == 200
    product["protection"].post(f"/person/{person}/phone-page/", {"keep": "open"})


def plant_control(product: Product, markers: Markers) -> None:
    """What must be found: the name of an employer stands in clear."""
    from tests.trust.browser import fill_in

    fill_in(
        product["liaison"], "/openings/employers/new/", "contact_name", name=f"{markers.control} {len(markers.planted)}"
    )


ROOMS: tuple[Callable[[Product, Markers], None], ...] = (
    plant_list,
    plant_arrivals,
    plant_people,
    plant_needs,
    plant_counselling,
    plant_screening,
    plant_child,
    plant_case,
    plant_referral,
    plant_rights,
    plant_reservation,
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
    for role in ("reception", "counsellor", "liaison", "protection", "supervisor"):
        client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "en"})
        client.force_login(cast.users[role], backend=BACKEND)
        clients[role] = client
    point = list_points(Office.objects.get(code="juarez").pk, timezone.localdate()).first()
    kind = NeedKind.objects.order_by("pk").first()
    return clients | {
        "point": point.pk,
        "need_kind": kind.code,
        "find_need": _find_need,
        "officer": cast.protection,
        "office": cast.bridge.pk,
        "acting": lambda role: acting_as(cast.actors[role]),
    }


def _find_need(html: str) -> str:
    found = re.search(r'href="(/needs/[0-9a-f-]{36}/)"', html)
    assert found, "the page lists no need"
    return found[1]


def read_sessions() -> list[Any]:
    """Return what the sessions hold, unpacked: they are compressed in their table."""
    from django.contrib.sessions.models import Session

    return [session.get_decoded() for session in Session.objects.all()]


def main(report: Path, at_least: int) -> None:
    """Go through the rooms until at least so many markers stand, and write down what was planted."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", database="owner", interactive=False, verbosity=0)
    markers = Markers()
    product = build_product()
    while len(markers.planted) < at_least:
        for plant in ROOMS:
            plant(product, markers)
    report.write_text(json.dumps(asdict(markers) | {"sessions": read_sessions()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
