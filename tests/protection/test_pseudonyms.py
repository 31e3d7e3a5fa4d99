"""A reserved file: a reference everywhere at once, no count that changes, and nothing that tells."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from puente.desk.policies import counting_actor
from puente.engines.identity.names import PersonName, mask_name
from puente.people.models import CountedPerson
from puente.people.pseudonyms import reference_of
from puente.people.sealed import IdentityDocument
from puente.people.selectors import label_people
from puente.people.services import PersonFacts, correct_person, register_person, release_person, reserve_person
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as, finding
from puente.reception.models import LineSearchKey, ManifestLine
from puente.reception.selectors.figures import count_arrivals
from puente.reception.selectors.manifests import find_lines, open_lines
from tests.desk.conftest import BACKEND
from tests.protection.conftest import step_up
from tests.reception.conftest import POINT, build_payload

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrived(cast):
    """Somebody with a rare name who stands in the queue of the day, with her mother."""
    from puente.platform.commands import execute
    from puente.platform.ids import make_id
    from puente.reception.services.arrivals import REGISTER

    def register(given, **changes):
        name = {"given": given, "first_surname": "Xochihua", "second_surname": "Tzompantzi"}
        payload = build_payload(cast.bridge.id, identity={"name": name, "sex": "F"}, **changes)
        with acting_as(cast.reception):
            return execute(actor=cast.reception, name=REGISTER, command_id=make_id(), payload=payload).result

    mother = register("Remedios")
    child = register("Citlali", travels_with={"arrival_id": mother["arrival_id"], "relation": "child"})
    return mother, child


def reserve(cast, person_id, officer=None):
    officer = officer or step_up(cast.protection)
    with acting_as(officer):
        reserve_person(
            actor=officer, person_id=person_id, office_id=cast.bridge.pk, assigned_to=officer.id, now=timezone.now()
        )


def read(cast, role, address, **session):
    client = Client(headers={"Accept-Language": "es"})
    client.force_login(cast.users[role], backend=BACKEND)
    if session:
        stored = client.session
        stored.update(session)
        stored.save()
    return client.get(address)


PAGES = ["desk:today", "reception:queue", "people:search", "needs:list", "counselling:home", "counselling:follow_ups"]


@pytest.mark.parametrize("role", ["reception", "counsellor", "coordinator"])
def test_every_list_shows_the_reference_from_the_next_page_on(cast, arrived, role):
    _mother, child = arrived
    pages = [reverse(name) for name in PAGES]
    before = {page: read(cast, role, page) for page in pages}
    assert any("Citlali" in answer.content.decode() for answer in before.values())
    reserve(cast, child["person_id"])
    reference = reference_of(_uuid(child["person_id"]))
    shown = 0
    for page in pages:
        answer = read(cast, role, page)
        assert answer.status_code == before[page].status_code
        html = answer.content.decode()
        assert "Citlali" not in html
        if "Citlali" in before[page].content.decode():
            shown += 1
            assert f"Persona {reference}" in html
            assert f"/person/{child['person_id']}/" not in html
    assert shown


def test_a_group_page_does_not_reveal_a_reserved_child(cast, arrived):
    mother, child = arrived
    address = reverse("people:group", args=[mother["person_id"]])
    before = read(cast, "reception", address).content.decode()
    assert "Citlali" in before
    assert "Hija o hijo" in before
    reserve(cast, child["person_id"])
    after = read(cast, "reception", address).content.decode()
    assert "Citlali" not in after
    assert "Hija o hijo" not in after.partition("<form")[0]
    assert child["person_id"] not in after


def test_who_is_not_established_stands_by_reference_too(cast):
    with acting_as(cast.reception):
        unknown = register_person(
            actor=cast.reception, office_id=cast.bridge.id, is_identity_established=False, facts=PersonFacts(),
            identity=IdentityDocument(name=PersonName(), description="…"), now=timezone.now(),
        )  # fmt: skip
        label = label_people(cast.reception, [unknown.pk])[unknown.pk]
    assert label.is_reference
    assert reference_of(unknown.pk) in label.text
    html = read(cast, "reception", reverse("people:search")).content.decode()
    assert f"Persona {reference_of(unknown.pk)}" in html
    assert "Donde no se muestra un nombre" in html


def test_no_count_changes_when_somebody_is_reserved(cast, arrived):
    _mother, child = arrived
    counting = counting_actor([cast.bridge.pk])
    now = timezone.now()
    day = (now - timezone.timedelta(days=1), now + timezone.timedelta(days=1))

    def count():
        with acting_as(counting), finding():
            figures = count_arrivals(counting, cast.bridge.pk, *day, "UTC")
            return figures, CountedPerson.objects.count()

    def count_pills(page):
        html = read(cast, "reception", reverse(page)).content.decode()
        return re.findall(r'class="pill[^"]*"[^>]*>.*?</a>', html, re.DOTALL), html.count("<tr")

    before = count(), [count_pills(page) for page in ("desk:today", "reception:queue", "people:search")]
    assert before[0][0].by_sex_and_age
    reserve(cast, child["person_id"])
    assert (count(), [count_pills(page) for page in ("desk:today", "reception:queue", "people:search")]) == before


def test_what_is_counted_opens_to_nobody_who_does_not_serve_the_person(cast, arrived):
    with acting_as(cast.far_reception):
        assert not CountedPerson.objects.exists()
    with acting_as(cast.communication):
        assert not CountedPerson.objects.exists()


def test_the_officer_in_charge_sees_initials_until_the_file_is_opened(cast, arrived):
    _mother, child = arrived
    officer = step_up(cast.protection)
    reserve(cast, child["person_id"])
    with acting_as(officer):
        label = label_people(officer, [_uuid(child["person_id"])])[_uuid(child["person_id"])]
    assert label.text == "X••• T•••, C•••"
    assert (label.home, label.birth) == ("", None)
    assert label.may_open
    assert mask_name(PersonName("María José", "de la Cruz", "")).given == "M••• J•••"
    opened = read(
        cast, "protection", reverse("desk:person", args=[child["person_id"]]), step_up_at=timezone.now().timestamp()
    )
    assert "Citlali" in opened.content.decode()


def test_a_reference_is_the_same_everywhere_and_tells_nothing_of_the_id(cast, arrived):
    first, second = (_uuid(one["person_id"]) for one in arrived)
    assert reference_of(first) == reference_of(first) != reference_of(second)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", reference_of(first))


@pytest.fixture
def line(cast, send):
    """A line of a list, claimed by the person who arrived."""
    from puente.reception.services.manifests import load_list, upload_list
    from tests.reception.test_manifests import LIST, facts

    with acting_as(cast.reception):
        draft = upload_list(
            actor=cast.reception, office_id=cast.bridge.id, content=LIST, facts=facts(), now=timezone.now()
        )
        manifest = load_list(actor=cast.reception, draft_id=draft.pk, now=timezone.now())
        line = manifest.lines.get(row_number=2)
    send(arrival={"line_id": str(line.pk), "point": POINT})
    with acting_as(cast.reception):
        return ManifestLine.objects.select_related("manifest").get(pk=line.pk)


def test_the_line_of_a_list_goes_with_the_file_and_comes_back(cast, line):
    def look():
        with acting_as(cast.reception):
            row = ManifestLine.objects.get(pk=line.pk)
            html = read(cast, "reception", reverse("reception:manifest", args=[line.manifest_id])).content.decode()
            return open_lines(line.manifest, [row])[0][1], LineSearchKey.objects.filter(line=row).exists(), html

    said, is_findable, html = look()
    assert "AVALOS-CRUZ MARTIN" in html
    assert is_findable
    reserve(cast, line.person_id)
    nothing, is_findable, html = look()
    assert nothing is None
    assert not is_findable
    assert "AVALOS-CRUZ" not in html
    assert reference_of(line.person_id) in html
    officer = step_up(cast.protection)
    with acting_as(officer):
        release_person(actor=officer, person_id=line.person_id, now=timezone.now())
    again, _is_findable, html = look()
    assert again == said
    assert "AVALOS-CRUZ MARTIN" in html


def test_a_correction_while_reserved_makes_nobody_findable(cast, arrived):
    _mother, child = arrived
    officer = step_up(cast.protection)
    reserve(cast, child["person_id"])
    with acting_as(officer):
        correct_person(
            actor=officer, person_id=_uuid(child["person_id"]), facts=PersonFacts(sex="F", birth_year=2010),
            identity=IdentityDocument(PersonName("Citlali", "Xochihua", "Huerta")), purpose=Purpose.PROTECTION,
            now=timezone.now(),
        )  # fmt: skip
    from puente.engines.identity.facts import PersonQuery
    from puente.people.selectors import find_people

    query = PersonQuery(PersonName("Citlali", "Xochihua", "Huerta"))
    with acting_as(cast.reception):
        found = find_people(cast.reception, query)
        assert child["person_id"] not in {str(one.person.pk) for one in found}
        assert find_lines(cast.reception, cast.bridge.pk, query, timezone.now()) == []


def test_nobody_but_the_officer_in_charge_releases(cast, arrived):
    from puente.platform.policy import NotAllowed

    _mother, child = arrived
    reserve(cast, child["person_id"])
    other = step_up(replace(cast.protection, id=cast.supervisor.id))
    with acting_as(other), pytest.raises(NotAllowed):
        release_person(actor=other, person_id=_uuid(child["person_id"]), now=timezone.now())


def _uuid(text):
    from uuid import UUID

    return UUID(text)
