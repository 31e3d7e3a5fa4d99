"""Pages and papers of a reserved file carry whose eyes they were made for; no other page does."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from puente.accounts.models import User
from puente.people.services import reserve_person
from puente.platform.row_security import acting_as
from puente.platform.watermark import answering, find_watermark, note_vault_opened
from puente.reception.models import Arrival
from tests.protection.conftest import step_up
from tests.reception.conftest import send
from tests.web.test_contrast import COLOURS, PAIRS, TEXT, measure_contrast

__all__ = ["send"]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MARK = 'class="watermark"'


@pytest.fixture
def arrival(cast, send):
    result = send()
    with acting_as(cast.reception):
        return Arrival.objects.get(pk=result["arrival_id"])


@pytest.fixture
def officer(cast, client):
    """A browser of the protection officer after a step-up."""
    client.force_login(cast.users["protection"], backend=BACKEND)
    session = client.session
    session["step_up_at"] = timezone.now().timestamp()
    session.save()
    return client


def reserve(cast, arrival):
    actor = step_up(cast.protection)
    with acting_as(actor):
        reserve_person(
            actor=actor, person_id=arrival.person_id, office_id=cast.bridge.pk, assigned_to=actor.id, now=timezone.now()
        )


PAGES = ["desk:person", "people:identity", "people:consents", "people:group", "needs:person"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_reserved_file_is_marked(cast, arrival, officer, name):
    page = reverse(name, args=[arrival.person_id])
    assert MARK not in officer.get(page).content.decode()
    reserve(cast, arrival)
    answer = officer.get(page)
    assert answer.status_code == 200
    assert MARK in answer.content.decode()
    # The next answer begins anew.
    assert MARK not in officer.get(reverse("web:look")).content.decode()


def test_a_list_that_shows_initials_is_marked_and_one_without_is_not(cast, arrival, officer, client):
    reserve(cast, arrival)
    assert MARK in officer.get(reverse("reception:queue")).content.decode()
    client.force_login(cast.users["reception"], backend=BACKEND)
    assert MARK not in client.get(reverse("reception:queue")).content.decode()


def test_the_picture_names_viewer_office_and_minute(cast, officer):
    User.objects.filter(pk=cast.users["protection"].pk).update(name="Inés <script>")
    answer = officer.get(reverse("watermark"))
    picture = answer.content.decode()
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Inés &lt;script&gt;" in picture
    assert "<script>" not in picture
    assert str(cast.bridge.label) in picture
    assert f"{timezone.localtime():%H:%M}" in picture or f"{timezone.localtime():%H}" in picture


def test_nobody_outside_gets_the_picture(client, db):
    assert client.get(reverse("watermark")).status_code == 302


def test_a_paper_of_a_reserved_file_is_marked(cast, arrival, officer):
    slip = reverse("reception:slip", args=[arrival.pk])

    def read(answer):
        assert answer.status_code == 200
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)

    assert "Protection ·" not in read(officer.get(slip))
    reserve(cast, arrival)
    marked = read(officer.get(slip))
    assert marked.count("Protection ·") > 5
    assert str(cast.bridge.label) in marked


def test_a_mark_is_asked_for_only_where_the_vault_was_opened():
    asked = []

    def describe():
        asked.append(1)
        return "Inés"

    note_vault_opened()
    assert find_watermark() == ""
    with answering(describe):
        assert find_watermark() == ""
        assert asked == []
        note_vault_opened()
        assert find_watermark() == "Inés"
    assert find_watermark() == ""


@pytest.mark.parametrize(("theme", "mark"), [("light", "#000000"), ("dark", "#FFFFFF")])
def test_text_under_the_mark_can_still_be_read(theme, mark):
    def lay_over(colour):
        parts = (round(int(colour[at : at + 2], 16) * 0.9 + int(mark[at : at + 2], 16) * 0.1) for at in (1, 3, 5))
        return "#{:02X}{:02X}{:02X}".format(*parts)

    for front, back, least in PAIRS:
        if least == TEXT:
            found = measure_contrast(lay_over(COLOURS[front][theme]), lay_over(COLOURS[back][theme]))
            assert found >= TEXT, (front, back)
