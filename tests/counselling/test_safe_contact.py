"""Whatever goes out about a reserved person asks the safe-contact instructions first; in doubt nothing goes out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from puente.accounts.selectors import build_actor
from puente.accounts.services import create_staff
from puente.counselling.models import FollowUp, Introduction
from puente.counselling.selectors.profiles import read_profile
from puente.counselling.selectors.shortlists import find_sheet, read_sheet
from puente.counselling.services import introductions, sheets
from puente.counselling.services.outcomes import plan_follow_ups
from puente.counselling.services.shortlists import choose_openings, make_shortlist
from puente.people.services import read_person
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from puente.protection.contact import Channel, ContactInstructions
from puente.protection.services import create_case, open_case
from puente.protection.services.plans import save_contact
from tests.cast import PASSWORD, step_up_client
from tests.counselling.conftest import consent, write_profile

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PHONE = "715 555 0118"


@pytest.fixture
def user(cast):
    """Somebody who both counsels and protects."""
    return create_staff(
        email="both@puente.test", name="Both", roles=[("counsellor", cast.bridge), ("protection", cast.bridge)],
        password=PASSWORD, is_demo=True,
    )  # fmt: skip


@pytest.fixture
def actor(user):
    actor = replace(build_actor(user, timezone.now()), step_up_at=timezone.now())
    with acting_as(actor):
        yield actor


@pytest.fixture
def ready(cast, actor, person, board):
    """A person with a profile and a yes to everything, whose file is not reserved."""
    write_profile(actor, person.pk)
    for purpose in ("work_search", "contact_later"):
        consent(actor, person.pk, cast.bridge.id, purpose)
    shortlist = make_shortlist(actor=actor, person_id=person.pk, now=timezone.now())
    choose_openings(actor=actor, shortlist_id=shortlist.pk, openings=[board.openings["roofs"].pk], now=timezone.now())
    return person


@pytest.fixture
def case(cast, actor, ready):
    """The person's case, with the actor in charge: the file is reserved now."""
    return create_case(actor=actor, person_id=ready.pk, office_id=cast.bridge.pk, now=timezone.now())


def agree(actor, case, *channels, neutral_only=False):
    save_contact(
        actor=actor, now=timezone.now(),
        opened=open_case(actor=actor, case_id=case.pk, purpose=Purpose.PROTECTION, now=timezone.now()),
        instructions=ContactInstructions(
            frozenset(channels), review_on=timezone.localdate() + timedelta(days=30), neutral_only=neutral_only
        ),
    )  # fmt: skip


def introduce(actor, person, opening):
    opened = read_person(type(person).objects.get(pk=person.pk))
    sent = introductions.write_introduction(opened, read_profile(actor, person.pk, opened.data_key).facts, opening)
    introductions.send_introduction(
        actor=actor, person_id=person.pk, opening_id=opening.pk, channel="letter", now=timezone.now(),
        shown_digest=introductions.digest_introduction(sent),
    )  # fmt: skip
    return sent


def make_sheet(actor, person):
    sheets.make_sheet(actor=actor, person_id=person.pk, language="es", now=timezone.now())
    opened = read_person(type(person).objects.get(pk=person.pk))
    return read_sheet(find_sheet(actor, person.pk), opened.data_key)


def test_before_the_file_is_reserved_the_phones_own_rule_holds(actor, ready, board):
    assert introduce(actor, ready, board.openings["roofs"])["phone"] == PHONE
    content = make_sheet(actor, ready)
    assert content["code"]
    assert content["text"]["may_be_called"]


def test_an_employer_is_told_nothing_before_something_is_agreed(actor, ready, case, board):
    with pytest.raises(introductions.ContactUnsafe):
        introduce(actor, ready, board.openings["roofs"])
    agree(actor, case, Channel.PAPER, Channel.CALL)
    with pytest.raises(introductions.ContactUnsafe):
        introduce(actor, ready, board.openings["roofs"])
    assert not Introduction.objects.exists()


def test_where_it_is_agreed_an_employer_is_told_and_never_the_phone(actor, ready, case, board):
    agree(actor, case, Channel.EMPLOYER, neutral_only=True)
    assert introduce(actor, ready, board.openings["roofs"])["phone"] == ""


def test_no_sheet_goes_along_that_names_the_office_unless_agreed(actor, ready, case):
    with pytest.raises(sheets.ContactUnsafe):
        make_sheet(actor, ready)
    agree(actor, case, Channel.PAPER, neutral_only=True)
    with pytest.raises(sheets.ContactUnsafe):
        make_sheet(actor, ready)
    agree(actor, case, Channel.PAPER)
    content = make_sheet(actor, ready)
    assert content["code"] == "", "a reserved person has no page that a stranger may ask for"
    assert not content["text"]["may_be_called"]


@pytest.fixture
def desk(client, user):
    client.force_login(user, backend=BACKEND)
    step_up_client(client)
    return client


def text(response):
    return response.content.decode()


def test_the_pages_say_that_nothing_goes_out(actor, ready, case, board, desk):
    answer = desk.post(reverse("counselling:make_sheet", args=[ready.pk]), {"language": "es"}, follow=True)
    assert "no permite que lleve un papel" in text(answer)
    page = reverse("counselling:introduce", args=[ready.pk, board.openings["roofs"].pk])
    shown = desk.get(page).context["form"].initial["shown"]
    answer = desk.post(page, {"channel": "letter", "shown": shown, "said_yes": "on"}, follow=True)
    assert "no permite que algo llegue a una empresa" in text(answer)


def test_what_was_made_earlier_is_not_printed_again(actor, ready, board, cast, desk):
    introduce(actor, ready, board.openings["roofs"])
    make_sheet(actor, ready)
    letter = reverse("counselling:letter", args=[Introduction.objects.get().pk])
    sheet = reverse("counselling:print_sheet", args=[ready.pk])
    assert [desk.get(url)["Content-Type"] for url in (letter, sheet)] == ["application/pdf"] * 2
    case = create_case(actor=actor, person_id=ready.pk, office_id=cast.bridge.pk, now=timezone.now())
    assert [desk.get(url).status_code for url in (letter, sheet)] == [302] * 2
    agree(actor, case, Channel.PAPER, Channel.EMPLOYER)
    assert [desk.get(url).status_code for url in (letter, sheet)] == [200] * 2


def test_a_follow_up_shows_a_number_only_while_a_call_is_agreed(actor, ready, case, cast, desk):
    plan_follow_ups(
        actor=actor, person_id=ready.pk, office_id=cast.bridge.pk, counted_from=timezone.localdate(),
        now=timezone.now(),
    )  # fmt: skip
    page = reverse("counselling:follow_up", args=[FollowUp.objects.filter(person=ready).first().pk])
    shown = text(desk.get(page))
    assert "Ahora no llame" in shown
    assert PHONE not in shown
    agree(actor, case, Channel.CALL)
    assert PHONE in text(desk.get(page))


def test_the_page_of_the_person_shows_a_number_only_while_a_call_is_agreed(actor, ready, case, desk):
    page = reverse("desk:person", args=[ready.pk])
    shown = text(desk.get(page))
    assert "Ahora no llame" in shown
    assert PHONE not in shown
    agree(actor, case, Channel.CALL)
    assert PHONE in text(desk.get(page))
