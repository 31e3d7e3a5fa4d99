"""Proving once more who one is: before a protected page, for a few minutes, and nothing written is lost."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from puente.accounts.step_up import AT, BEGAN, PREFIX, read_step_up
from puente.audit.models import Event
from puente.platform.policy import LONGEST_STEP_UP, STEP_UP_VALIDITY
from tests.accounts.test_sessions import BACKEND
from tests.cast import PASSWORD, step_up_client

pytestmark = pytest.mark.django_db
INBOX = "/protection/inbox/"


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.users["protection"], backend=BACKEND)
    return client


def confirm(client, password=PASSWORD, **fields):
    return client.post(reverse("step-up"), {f"{PREFIX}password": password, **fields})


def test_a_protected_page_leads_to_the_question_and_back(officer):
    answer = officer.get(INBOX, {"show": "taken"})
    assert answer.status_code == 302
    assert answer.url == reverse("step-up") + "?next=%2Fprotection%2Finbox%2F%3Fshow%3Dtaken"
    question = officer.get(answer.url)
    assert 'name="step_up_next" value="/protection/inbox/?show=taken"' in question.content.decode()
    back = confirm(officer, step_up_next="/protection/inbox/?show=taken")
    assert back.url == "/protection/inbox/?show=taken"
    assert officer.get(back.url).status_code == 200


def test_the_session_gets_a_new_key_and_the_step_up_leaves_an_event(officer, cast, acting):
    before = officer.session.session_key
    confirm(officer)
    assert officer.session.session_key != before
    assert officer.session["_auth_user_id"]
    with acting(cast.protection):
        assert Event.objects.filter(verb="staff.stepped_up", record_id=cast.protection.id).count() == 1


def test_a_wrong_password_opens_nothing_and_says_so(officer):
    answer = confirm(officer, "wrong password here", step_up_next=INBOX)
    assert "Esa no es su contraseña" in answer.content.decode()
    assert officer.get(INBOX).status_code == 302


def test_wrong_passwords_are_counted_as_at_sign_in(officer):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = confirm(officer, "wrong password here")
    assert answer.status_code == 429
    assert confirm(officer).status_code == 429
    assert officer.get(INBOX).status_code == 302


def test_a_page_outside_this_installation_is_not_followed(officer):
    for address in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        assert confirm(officer, step_up_next=address).url == "/"


def test_an_account_with_an_app_gives_its_code_too(officer, cast):
    secret = generate_totp_secret()
    TOTP.activate(cast.users["protection"], secret)
    assert "step_up_code" in officer.get(reverse("step-up")).content.decode()
    for wrong in ("", "000000"):
        assert "Escriba el código que muestra su aplicación" in confirm(officer, step_up_code=wrong).content.decode()
    assert officer.session.get(AT) is None
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert confirm(officer, step_up_code=code).status_code == 302
    assert officer.session[AT]


def test_wrong_codes_are_counted_as_at_sign_in(officer, cast):
    TOTP.activate(cast.users["protection"], generate_totp_secret())
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = confirm(officer, step_up_code="000000")
    assert answer.status_code == 429


def test_an_account_with_a_passkey_is_not_opened_by_the_password_alone(officer, cast):
    Authenticator.objects.create(user=cast.users["protection"], type=Authenticator.Type.WEBAUTHN, data={})
    assert confirm(officer).status_code == 200
    for forged in ('{"id": "x"}', "[]", '"x"', "{"):
        assert confirm(officer, step_up_credential=forged).status_code == 200
    assert officer.session.get(AT) is None


def test_a_form_is_kept_while_the_question_is_asked_and_then_sent(officer, cast, acting):
    answer = officer.post(
        "/protection/inbox/01990000-0000-7000-8000-000000000001/acknowledge/", {"note": "«ella» & él"}
    )
    assert answer.status_code == 401
    page = answer.content.decode()
    assert "Lo que escribió se conserva" in page
    assert '<input type="hidden" name="note" value="«ella» &amp; él">' in page
    wrong = confirm(officer, "no", note="«ella» & él", step_up_keeps="True", step_up_next="/protection/inbox/x/")
    assert 'name="note" value="«ella» &amp; él"' in wrong.content.decode()
    sent = confirm(officer, note="«ella» & él", step_up_keeps="True", step_up_next="/protection/inbox/x/")
    assert (sent.status_code, sent.url) == (307, "/protection/inbox/x/")


def test_a_part_of_a_page_is_answered_with_401_and_where_to_ask(officer):
    for headers in ({"HX-Request": "true"}, {"X-Requested-With": "fetch"}):
        answer = officer.get(INBOX, headers=headers)
        assert (answer.status_code, answer["X-Step-Up"], answer.content) == (401, reverse("step-up"), b"")


def test_the_dialog_gets_its_answer_as_data(officer):
    fetch = {"X-Requested-With": "fetch"}
    wrong = officer.post(reverse("step-up"), {"step_up_password": "no"}, headers=fetch)
    assert (wrong.status_code, bool(wrong.json()["error"])) == (400, True)
    assert officer.post(reverse("step-up"), {"step_up_password": PASSWORD}, headers=fetch).status_code == 204
    assert 'id="step-up"' in officer.get(INBOX).content.decode()


def test_the_step_up_lasts_while_one_works_on_protected_pages(officer):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        confirm(officer)
        for _ in range(3):
            clock.shift(STEP_UP_VALIDITY - timedelta(seconds=1))
            assert officer.get(INBOX).status_code == 200
        clock.shift(STEP_UP_VALIDITY + timedelta(seconds=1))
        assert officer.get(INBOX).status_code == 302


def test_a_page_that_refreshes_itself_does_not_make_it_last(officer):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        confirm(officer)
        clock.shift(STEP_UP_VALIDITY - timedelta(seconds=1))
        assert officer.get(INBOX, headers={"X-Refresh": "1"}).status_code == 200
        clock.shift(timedelta(seconds=2))
        assert officer.get(INBOX).status_code == 302


def test_after_an_hour_it_is_asked_again_whatever_was_done(officer):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        confirm(officer)
        began = officer.session[BEGAN]
        answers = []
        while timezone.now().timestamp() - began <= LONGEST_STEP_UP.total_seconds():
            answers.append(officer.get(INBOX).status_code)
            clock.shift(timedelta(minutes=4))
        assert set(answers) == {200}
        assert officer.get(INBOX).status_code == 302


def count_step_ups(officer, clock, questions, seconds, per_page, *, tells_work):
    """Return how often a screening asks who is there: questions of so many seconds, some on each page."""
    asked, keep = 0, reverse("step-up-keep")
    for number in range(questions):
        if number % per_page == 0 and officer.get(INBOX).status_code != 200:
            confirm(officer)
            asked += 1
            assert officer.get(INBOX).status_code == 200
        clock.shift(timedelta(seconds=seconds))
        if tells_work:
            officer.post(keep)
    return asked


@pytest.mark.parametrize(
    ("seconds", "tells_work", "asked"), [(40, True, 1), (68, True, 2), (40, False, 7), (68, False, 7)]
)
def test_a_screening_of_68_questions_asks_once_an_hour_not_once_a_page(officer, seconds, tells_work, asked):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert count_step_ups(officer, clock, 68, seconds, per_page=11, tells_work=tells_work) == asked


def test_work_keeps_only_what_still_holds(officer):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert officer.post(reverse("step-up-keep"), headers={"X-Requested-With": "fetch"}).status_code == 401
        confirm(officer)
        clock.shift(STEP_UP_VALIDITY + timedelta(seconds=1))
        assert officer.post(reverse("step-up-keep"), headers={"X-Requested-With": "fetch"}).status_code == 401


def test_locking_the_screen_ends_it(officer):
    step_up_client(officer)
    officer.post(reverse("lock"))
    officer.post(reverse("unlock"), {"password": PASSWORD})
    assert officer.get(INBOX).status_code == 302


def test_a_session_without_a_beginning_counts_from_what_it_has():
    now = timezone.now()
    assert read_step_up({AT: now.timestamp()}, now) is not None
    assert read_step_up({AT: now.timestamp(), BEGAN: (now - timedelta(minutes=61)).timestamp()}, now) is None
    assert read_step_up({}, now) is None


def test_for_others_there_is_no_such_page_and_no_question(client, cast):
    client.force_login(cast.users["counsellor"], backend=BACKEND)
    assert client.get(INBOX).status_code == 404
    step_up_client(client)
    assert client.get(INBOX).status_code == 404
