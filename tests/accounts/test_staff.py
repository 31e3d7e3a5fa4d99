import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse

from puente.accounts.models import OfficeMembership, User
from puente.accounts.services import LastAdministrator, deactivate_staff, set_roles
from puente.audit.models import Event
from puente.platform.policy import NotAllowed

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def administrator(client, cast):
    client.force_login(cast.users["administrator"], backend=BACKEND)
    return client


def test_an_invited_member_of_staff_sets_a_password_once_and_must_add_a_second_factor(administrator, client, cast):
    form = {"name": "Noemí Güémez", "email": "Noemi@office.test", "roles": ["reception"]}
    page = administrator.post(reverse("staff-new"), form)
    invited = User.objects.get(email="noemi@office.test")
    link = reverse("welcome", args=[invited.pk, default_token_generator.make_token(invited)])
    assert link in page.content.decode()
    client.logout()
    password = "cinco claros sobre el río"
    assert client.post(link, {"password": password, "again": password}).status_code == 302
    assert client.get(link).status_code == 410
    invited.refresh_from_db()
    assert invited.check_password(password)
    client.force_login(invited, backend=BACKEND)
    assert client.get(reverse("offices:directory")).url == reverse("mfa_index")


@pytest.mark.parametrize(
    ("password", "again"), [("short", "short"), ("cinco claros sobre el río", "otra cosa distinta")]
)
def test_a_weak_or_mistyped_first_password_is_refused(client, cast, password, again):
    user = cast.users["liaison"]
    link = reverse("welcome", args=[user.pk, default_token_generator.make_token(user)])
    page = client.post(link, {"password": password, "again": again})
    assert page.status_code == 200
    user.refresh_from_db()
    assert not user.check_password(password)


def test_only_who_manages_staff_sees_them(client, cast):
    for role in ("reception", "coordinator", "analyst"):
        client.force_login(cast.users[role], backend=BACKEND)
        assert client.get(reverse("staff")).status_code == 404


def test_staff_of_other_offices_are_not_listed(administrator, cast):
    page = administrator.get(reverse("staff")).content.decode()
    assert cast.users["reception"].email in page
    assert cast.users["far_reception"].email not in page
    assert administrator.get(reverse("staff-member", args=[cast.users["far_reception"].pk])).status_code == 404


def test_changed_roles_leave_an_event_with_before_and_after(administrator, cast):
    member = cast.users["reception"]
    administrator.post(reverse("staff-member", args=[member.pk]), {"roles": ["counsellor"]})
    assert list(member.memberships.values_list("role", flat=True)) == ["counsellor"]


def test_nobody_changes_the_own_roles_or_closes_the_own_account(cast, acting):
    actor, user = cast.administrator, cast.users["administrator"]
    with acting(actor):
        with pytest.raises(NotAllowed):
            set_roles(actor=actor, user=user, office_id=cast.bridge.pk, roles=["coordinator"])
        with pytest.raises(NotAllowed):
            deactivate_staff(actor=actor, user=user, office_id=cast.bridge.pk)


def test_the_last_administrator_stays(cast, acting):
    actor = cast.administrator
    OfficeMembership.objects.create(user=cast.users["liaison"], office=cast.bridge, role="administrator")
    OfficeMembership.objects.filter(user_id=actor.id).delete()
    with acting(actor), pytest.raises(LastAdministrator):
        deactivate_staff(actor=actor, user=cast.users["liaison"], office_id=cast.bridge.pk)


def test_a_closed_account_cannot_sign_in_and_its_trail_stays(administrator, cast, acting):
    member = cast.users["reception"]
    administrator.post(reverse("staff-close", args=[member.pk]))
    member.refresh_from_db()
    assert not member.is_active
    with acting(cast.administrator):
        assert Event.objects.filter(verb="staff.deactivated", record_id=member.pk).count() == 1


def link_of(page) -> str:
    return re.search(r"(/welcome/[^<\"]+)", page.content.decode())[1]


def test_a_forgotten_password_is_renewed_by_a_link_and_the_second_factor_stays(administrator, client, cast, acting):
    member = cast.users["reception"]
    TOTP.activate(member, generate_totp_secret())
    link = link_of(administrator.post(reverse("staff-link", args=[member.pk])))
    anybody, password = Client(), "nueve garzas sobre el agua"
    assert anybody.post(link, {"password": password, "again": password}).status_code == 302
    assert anybody.get(link).status_code == 410
    member.refresh_from_db()
    assert member.check_password(password)
    answer = anybody.post(reverse("account_login"), {"login": member.email, "password": password})
    assert answer.url.startswith(reverse("mfa_authenticate"))
    with acting(cast.administrator):
        verbs = set(Event.objects.filter(record_id=member.pk).values_list("verb", flat=True))
    assert {"staff.link_made", "staff.password_set"} <= verbs


def test_an_administrator_ends_a_session_on_the_page_of_its_owner(administrator, cast, acting):
    member, elsewhere = cast.users["reception"], Client()
    page = reverse("staff-member", args=[member.pk])
    assert reverse("staff-end-session", args=[member.pk]) not in administrator.get(page).content.decode()
    elsewhere.force_login(member, backend=BACKEND)
    assert reverse("staff-end-session", args=[member.pk]) in administrator.get(page).content.decode()
    assert administrator.post(reverse("staff-end-session", args=[member.pk])).url == page
    assert elsewhere.get(reverse("offices:directory")).status_code == 302
    with acting(cast.administrator):
        assert Event.objects.filter(verb="staff.session_ended", record_id=member.pk).count() == 1


def test_nobody_makes_a_link_or_ends_a_session_elsewhere_or_for_themselves(administrator, client, cast, acting):
    far, own = cast.users["far_reception"], cast.users["administrator"]
    for name in ("staff-link", "staff-end-session"):
        assert administrator.post(reverse(name, args=[far.pk])).status_code == 404
    assert administrator.post(reverse("staff-link", args=[own.pk])).status_code == 404
    client.force_login(cast.users["coordinator"], backend=BACKEND)
    for name in ("staff-link", "staff-end-session"):
        assert client.post(reverse(name, args=[cast.users["reception"].pk])).status_code == 404


def test_a_changed_link_opens_nothing(administrator, cast):
    member, other = cast.users["reception"], cast.users["counsellor"]
    link = link_of(administrator.post(reverse("staff-link", args=[member.pk])))
    anybody = Client()
    assert anybody.get(link).status_code == 200
    token = link.rstrip("/").rpartition("/")[2]
    for changed in (
        link.replace(str(member.pk), str(other.pk)),
        link.replace(token, token[:-1] + ("a" if token[-1] != "a" else "b")),
        link.replace(token, "x"), link.replace(str(member.pk), "nobody"),
    ):  # fmt: skip
        assert anybody.get(changed).status_code == 410


def test_a_link_holds_three_days(administrator, cast):
    link = link_of(administrator.post(reverse("staff-link", args=[cast.users["reception"].pk])))
    # Seconds and no date: a date of world time would move the clock of the office too.
    now, day = time.time(), 24 * 3600
    with time_machine.travel(now + 3 * day - 3600):
        assert Client().get(link).status_code == 200
    with time_machine.travel(now + 3 * day + 3600):
        assert Client().get(link).status_code == 410


def test_seeds_of_second_factors_are_sealed_in_the_database(cast):
    seed = generate_totp_secret()
    TOTP.activate(cast.users["reception"], seed)
    RecoveryCodes.activate(cast.users["reception"])
    kept = [str(data) for data in Authenticator.objects.values_list("data", flat=True)]
    assert len(kept) == 2
    assert not [data for data in kept if seed in data]
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert len(codes) == 10
    assert not [code for code in codes for data in kept if code in data]
