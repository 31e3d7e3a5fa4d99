from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puente.accounts import selectors, services
from puente.accounts.forms import InviteForm, RolesForm, WelcomeForm
from puente.accounts.middleware import LAST_ACTIVE, LOCKED
from puente.accounts.policies import MANAGE_STAFF
from puente.web.paging import KeysetPage
from puente.web.requests import StaffRequest

MOST_UNLOCK_ATTEMPTS = 5


@login_required
@require_POST
def lock(request: StaffRequest) -> HttpResponse:
    """Lock the session; the page that was open keeps its draft."""
    request.session[LOCKED] = True
    return HttpResponse(status=204)


@login_required
@require_POST
def unlock(request: StaffRequest) -> HttpResponse:
    """Open a locked session with the password; too many wrong ones sign out."""
    if not request.user.check_password(request.POST.get("password", "")):
        attempts = request.session.get("unlock_attempts", 0) + 1
        request.session["unlock_attempts"] = attempts
        if attempts >= MOST_UNLOCK_ATTEMPTS:
            request.session.flush()
            return JsonResponse({"error": _("Too many attempts. Sign in again.")}, status=403)
        return JsonResponse({"error": _("That is not your password. Try again.")}, status=400)
    request.session.pop(LOCKED, None)
    request.session.pop("unlock_attempts", None)
    request.session[LAST_ACTIVE] = timezone.now().timestamp()
    return HttpResponse(status=204)


def show_lockout(request: StaffRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer too many failed sign-ins: same words for a known and an unknown account."""
    return render(request, "accounts/lockout.html", status=429)


@login_required
def staff(request: StaffRequest) -> HttpResponse:
    """Who works here, with which roles and which second factor."""
    page = KeysetPage.of_request(request, selectors.list_staff(request.actor), ("name", "id"), 20)
    return render(request, "accounts/staff.html", {"page": page})


@login_required
def invite(request: StaffRequest) -> HttpResponse:
    """Invite a member of staff; the page that follows shows the link to hand over."""
    selectors.list_staff(request.actor)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        office_id = _managed_office(request)
        user = services.invite_staff(actor=request.actor, office_id=office_id, **form.cleaned_data)
        link = reverse("welcome", args=[user.pk, default_token_generator.make_token(user)])
        return render(request, "accounts/invited.html", {"user": user, "link": request.build_absolute_uri(link)})
    return render(request, "accounts/invite.html", {"form": form})


@login_required
def staff_member(request: StaffRequest, user_id: UUID) -> HttpResponse:
    """Change the roles of a member of staff."""
    user = get_object_or_404(selectors.list_staff(request.actor), pk=user_id)
    office_id = _managed_office(request)
    current = [m.role for m in user.memberships.all() if m.office_id == office_id]
    form = RolesForm(request.POST or None, initial={"roles": current})
    if request.method == "POST" and form.is_valid():
        with _said_to_the_last_administrator(request):
            services.set_roles(actor=request.actor, user=user, office_id=office_id, roles=form.cleaned_data["roles"])
            messages.success(request, _("Saved."))
        return redirect("staff")
    return render(request, "accounts/staff_member.html", {"form": form, "member": user})


@login_required
@require_POST
def close_account(request: StaffRequest, user_id: UUID) -> HttpResponse:
    """Close the account of a member of staff."""
    user = get_object_or_404(selectors.list_staff(request.actor), pk=user_id)
    with _said_to_the_last_administrator(request):
        services.deactivate_staff(actor=request.actor, user=user, office_id=_managed_office(request))
        messages.success(request, _("The account is closed."))
    return redirect("staff")


@contextmanager
def _said_to_the_last_administrator(request: StaffRequest) -> Iterator[None]:
    try:
        yield
    except services.LastAdministrator:
        messages.error(request, _("Somebody must administer the office. Give the role to another person first."))


def welcome(request: StaffRequest, user_id: str, token: str) -> HttpResponse:
    """Let an invited member of staff set a first password."""
    user = selectors.find_welcomed(user_id, token)
    if user is None:
        return render(request, "accounts/welcome_over.html", status=410)
    form = WelcomeForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        messages.success(request, _("Your password is set. Sign in, then add a second factor."))
        return redirect("account_login")
    return render(request, "accounts/welcome.html", {"form": form, "invited": user})


def _managed_office(request: StaffRequest) -> UUID:
    offices = request.actor.offices_for(MANAGE_STAFF)
    return request.actor.home_office_id if request.actor.home_office_id in offices else min(offices)
