import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from puente.accounts import services, sign_in_urls
from puente.accounts.jobs import forget_sessions
from puente.accounts.sign_in_urls import CLOSED
from puente.accounts.signals import DOOR
from puente.audit.models import Event
from puente.config import settings as product
from puente.platform.ids import make_id
from puente.platform.policy import system_actor
from tests.cast import PASSWORD

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _no_attempts_of_other_tests():
    cache.clear()


@pytest.fixture
def officer(client, cast):
    client.user = cast.users["reception"]
    client.force_login(client.user, backend=BACKEND)
    return client


def sign_in(client, email: str, password: str):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def without_what_varies(page) -> str:
    return re.sub(r'(content|value)="[^"]*"', "", page.content.decode())


def test_staff_sign_in_with_e_mail_and_password(client, cast):
    assert sign_in(client, "reception@puente.test", PASSWORD).status_code == 302
    assert client.get(reverse("offices:directory")).status_code == 200


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(client, cast):
    known = sign_in(client, "reception@puente.test", "wrong password here")
    unknown = sign_in(client, "nobody@puente.test", "wrong password here")
    assert known.status_code == unknown.status_code == 200
    assert without_what_varies(known) == without_what_varies(unknown)


def test_too_many_wrong_passwords_close_the_sign_in(client, cast):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, "reception@puente.test", "wrong password here")
    assert answer.status_code == 429
    assert sign_in(client, "reception@puente.test", PASSWORD).status_code == 429


def test_a_locked_session_reaches_nothing_until_the_password_is_given(officer):
    assert officer.post(reverse("lock")).status_code == 204
    assert officer.get(reverse("offices:directory")).status_code == 423
    wrong = officer.post(reverse("unlock"), {"password": "wrong"})
    assert wrong.status_code == 400
    assert wrong.json()["error"]
    assert officer.post(reverse("unlock"), {"password": PASSWORD}).status_code == 204
    assert officer.get(reverse("offices:directory")).status_code == 200


def test_too_many_wrong_passwords_at_the_lock_sign_out(officer):
    officer.post(reverse("lock"))
    answers = [officer.post(reverse("unlock"), {"password": "wrong"}).status_code for _ in range(5)]
    assert answers == [400, 400, 400, 400, 403]
    assert officer.get(reverse("offices:directory")).status_code == 302


def test_fifteen_idle_minutes_lock_the_session(officer):
    assert officer.get(reverse("offices:directory")).status_code == 200
    session = officer.session
    session["last_active"] = time.time() - 15 * 60 - 1
    session.save()
    assert officer.get(reverse("offices:directory")).status_code == 423
    assert officer.get(reverse("offices:directory"), headers={"HX-Request": "true"}).status_code == 423


@pytest.mark.parametrize("name", CLOSED.values())
def test_nobody_signs_up_or_gets_in_by_e_mail(client, db, name):
    form = {"email": "new@puente.test", "password1": PASSWORD, "password2": PASSWORD}
    assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse(name), form).status_code == 404
    assert not client.session.get("_auth_user_id")


def test_there_is_no_way_in_that_is_not_written_down():
    names = {pattern.name for pattern in sign_in_urls.urlpatterns if hasattr(pattern, "name")}
    assert names == {
        "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
        *CLOSED.values(),
    }  # fmt: skip


def test_signing_in_changes_the_key_of_the_session_and_so_does_unlocking(client, cast):
    client.get(reverse("account_login"))
    session = client.session
    session["before"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = session.session_key
    sign_in(client, "reception@puente.test", PASSWORD)
    signed_in = client.session.session_key
    assert signed_in != before
    assert not Session.objects.filter(pk=before).exists()
    client.post(reverse("lock"))
    client.post(reverse("unlock"), {"password": PASSWORD})
    assert client.session.session_key != signed_in
    assert not Session.objects.filter(pk=signed_in).exists()


def test_a_session_lasts_twelve_hours_however_busy_it_is(officer):
    page = reverse("offices:directory")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        officer.force_login(officer.user, backend=BACKEND)
        for _ in range(12 * 6):
            clock.shift(600)
            assert officer.get(page).status_code == 200
        clock.shift(1)
        ended = officer.get(page)
        assert ended.url == reverse("account_login")
        assert "12 horas" in officer.get(ended.url).content.decode()
        assert officer.get(page).status_code == 302


def test_a_new_sign_in_ends_the_earlier_session_and_both_are_told(officer, cast):
    other = Client()
    page = reverse("offices:directory")
    assert officer.get(page).status_code == 200
    welcomed = other.post(
        reverse("account_login"), {"login": "reception@puente.test", "password": PASSWORD}, follow=True
    )
    assert "Esa sesión se cerró" in welcomed.content.decode()
    ended = officer.get(page)
    assert ended.url == reverse("account_login")
    assert ended.headers["Clear-Site-Data"]
    assert "en otro lugar" in officer.get(ended.url).content.decode()
    assert other.get(page).status_code == 200


def test_an_htmx_request_of_an_ended_session_leads_to_the_sign_in(officer):
    sign_in(Client(), "reception@puente.test", PASSWORD)
    ended = officer.get(reverse("offices:directory"), headers={"HX-Request": "true"})
    assert (ended.status_code, ended.headers["HX-Redirect"]) == (401, reverse("account_login"))


def test_signing_out_elsewhere_does_not_end_the_later_session(officer):
    later = Client()
    sign_in(later, "reception@puente.test", PASSWORD)
    officer.post(reverse("account_logout"))
    assert later.get(reverse("offices:directory")).status_code == 200


def test_signing_out_ends_the_session_and_empties_the_browser(officer):
    key = officer.session.session_key
    left = officer.post(reverse("account_logout"))
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(pk=key).exists()
    officer.cookies[settings.SESSION_COOKIE_NAME] = key
    assert officer.get(reverse("offices:directory")).status_code == 302


@pytest.mark.parametrize("way", ["close", "roles", "end"])
def test_what_an_administrator_ends_is_over_at_the_next_request(officer, cast, acting, way):
    member, office, actor = cast.users["reception"], cast.bridge.pk, cast.administrator
    with acting(actor):
        if way == "close":
            services.deactivate_staff(actor=actor, user=member, office_id=office)
        elif way == "roles":
            services.set_roles(actor=actor, user=member, office_id=office, roles=["reception", "counsellor"])
        else:
            services.end_session(actor=actor, user=member, office_id=office)
    key = officer.session.session_key
    assert officer.get(reverse("offices:directory")).status_code == 302
    assert not Session.objects.filter(pk=key).exists()
    assert officer.get(reverse("offices:directory")).status_code == 302


def test_a_changed_password_ends_the_session(officer, cast):
    services.set_password(user=cast.users["reception"], password="otra frase muy distinta", now=timezone.now())
    assert officer.get(reverse("offices:directory")).status_code == 302


def test_an_ended_session_cannot_be_unlocked(officer, cast):
    officer.post(reverse("lock"))
    sign_in(Client(), "reception@puente.test", PASSWORD)
    answer = officer.post(reverse("unlock"), {"password": PASSWORD})
    assert answer.status_code == 302


def test_a_right_password_without_the_second_factor_opens_nothing(client, cast):
    user = cast.users["reception"]
    TOTP.activate(user, generate_totp_secret())
    answer = sign_in(client, user.email, PASSWORD)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("offices:directory")).status_code == 302


def test_a_code_works_once_and_guessing_codes_is_stopped(client, cast):
    user, secret = cast.users["reception"], generate_totp_secret()
    TOTP.activate(user, secret)
    sign_in(client, user.email, PASSWORD)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    wrong = f"{(int(code) + 1) % 10**6:06}"
    answers = [client.post(reverse("mfa_authenticate"), {"code": wrong}).content.decode() for _ in range(11)]
    assert "Demasiados" in answers[-1]
    assert "Demasiados" not in answers[0]
    cache.clear()
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get(reverse("offices:directory")).status_code == 200
    client.logout()
    sign_in(client, user.email, PASSWORD)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def test_what_happens_at_the_doors_leaves_events(client, cast, acting):
    sign_in(client, "reception@puente.test", PASSWORD)
    client.post(reverse("account_logout"))
    sign_in(client, "reception@puente.test", "wrong password here")
    sign_in(client, "nobody@puente.test", "wrong password here")
    with acting(cast.coordinator):
        events = list(Event.objects.filter(record_type="staff").order_by("at").values_list("verb", "record_id"))
    user = cast.users["reception"].pk
    assert ("staff.signed_in", user) in events
    assert ("staff.signed_out", user) in events
    assert ("staff.sign_in_failed", user) in events
    with acting(system_actor("door", DOOR, [], [])):
        assert Event.objects.filter(verb="staff.sign_in_failed", record_id=None).count() == 1


def test_a_lock_out_and_changes_of_factors_leave_events(officer, cast, acting):
    user = cast.users["reception"]
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(Client(), user.email, "wrong password here")
    authenticator = TOTP.activate(user, generate_totp_secret()).instance
    for signal in (authenticator_added, authenticator_removed, authenticator_reset):
        signal.send(sender=type(authenticator), request=None, user=user, authenticator=authenticator)
    password_changed.send(sender=type(user), request=None, user=user)
    with acting(cast.coordinator):
        verbs = set(Event.objects.filter(record_id=user.pk).values_list("verb", flat=True))
    assert verbs >= {
        "staff.locked_out", "staff.factor_added", "staff.factor_removed", "staff.factor_renewed",
        "staff.password_changed",
    }  # fmt: skip


def test_a_change_of_the_password_asks_for_the_present_one(officer, cast):
    new = "nueve garzas sobre el agua"
    form = {"oldpassword": "not the present one", "password1": new, "password2": new}
    officer.post(reverse("account_change_password"), form)
    cast.users["reception"].refresh_from_db()
    assert cast.users["reception"].check_password(PASSWORD)
    officer.post(reverse("account_change_password"), form | {"oldpassword": PASSWORD})
    cast.users["reception"].refresh_from_db()
    assert cast.users["reception"].check_password(new)


def test_a_second_factor_is_changed_only_after_signing_in_again(officer):
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        for name in ("mfa_activate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"):
            assert officer.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))


def test_sessions_that_ended_and_old_attempts_are_forgotten(officer, cast):
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=timezone.now() - timedelta(hours=1))
    sign_in(Client(), "reception@puente.test", "wrong password here")
    forget_sessions()
    assert not Session.objects.filter(session_key="x" * 32).exists()
    assert AccessAttempt.objects.exists()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(days=31))
    forget_sessions()
    assert not AccessAttempt.objects.exists()


def test_passwords_are_kept_with_argon2():
    assert product.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    hasher = get_hasher("default") if settings.PASSWORD_HASHERS == product.PASSWORD_HASHERS else None
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hasher = hasher or Argon2PasswordHasher()
    assert hasher.memory_cost >= 19 * 1024


def test_pages_carry_the_strict_policy(client, db):
    policy = client.get(reverse("account_login")).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("role", ["reception", "coordinator", "administrator"])
def test_every_page_of_staff_offers_to_sign_out(client, cast, role):
    client.force_login(cast.users[role], backend=BACKEND)
    for address in ("/", reverse("offices:directory"), reverse("mfa_index")):
        page = client.get(address, follow=True).content.decode()
        assert reverse("account_logout") in page, address


def test_password_fields_hide_what_is_typed_and_let_managers_fill_them(client, cast):
    user = cast.users["liaison"]
    welcome = reverse("welcome", args=[user.pk, default_token_generator.make_token(user)])
    for address in (reverse("account_login"), welcome):
        fields = re.findall(r"<input[^>]*password[^>]*>", client.get(address).content.decode())
        assert fields
        for field in fields:
            assert 'type="password"' in field
            assert re.search(r'autocomplete="(current|new)-password"', field)
            assert not re.search(r"onpaste|maxlength|readonly", field)


def test_a_refused_page_leaves_a_line_that_is_the_same_for_known_and_unknown(officer, cast, caplog):
    known, unknown = cast.users["counsellor"].pk, make_id()
    with caplog.at_level("WARNING", logger="puente.security"):
        for user_id in (known, unknown):
            assert officer.get(reverse("staff-member", args=[user_id])).status_code == 404
    lines = [record.getMessage() for record in caplog.records if record.name == "puente.security"]
    assert lines == [f"refused staff-member to {officer.user.pk} with 404"] * 2
