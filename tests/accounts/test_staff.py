import pytest
from django.contrib.auth.tokens import default_token_generator
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
