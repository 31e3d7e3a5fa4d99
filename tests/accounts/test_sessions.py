import re
import time

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.urls import reverse

from puente.config import settings as product
from tests.cast import PASSWORD

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.users["reception"], backend=BACKEND)
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


def test_nobody_signs_up(client, db):
    assert client.get(reverse("account_signup")).status_code == 200
    answer = client.post(
        reverse("account_signup"), {"email": "new@puente.test", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert answer.status_code == 200
    assert not client.session.get("_auth_user_id")


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
