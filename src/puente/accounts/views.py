from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.tokens import default_token_generator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from puente.accounts import selectors, services
from puente.accounts.forms import InviteForm, RolesForm, StepUpForm, WelcomeForm
from puente.accounts.models import User
from puente.accounts.policies import MANAGE_STAFF
from puente.accounts.sessions import LAST_ACTIVE, LOCKED
from puente.accounts.step_up import begin_step_up, continue_step_up, end_step_up, render_question
from puente.platform.policy import StepUpNeeded
from puente.web.paging import KeysetPage
from puente.web.requests import StaffRequest

MOST_UNLOCK_ATTEMPTS = 5


@login_required
@require_POST
def lock(request: StaffRequest) -> HttpResponse:
    """Lock the session; the page that was open keeps its draft."""
    request.session[LOCKED] = True
    end_step_up(request.session)
    return HttpResponse(status=204)


@login_required
@require_POST
def unlock(request: StaffRequest) -> HttpResponse:
    """Open a locked session with the password; too many wrong ones sign out."""
    if not request.user.check_password(request.POST.get("password", "")):
        attempts = request.session.get("unlock_attempts", 0) + 1
        request.session["unlock_attempts"] = attempts
        if attempts >= MOST_UNLOCK_ATTEMPTS:
            logout(request)
            return JsonResponse({"error": _("Too many attempts. Sign in again.")}, status=403)
        return JsonResponse({"error": _("That is not your password. Try again.")}, status=400)
    request.session.pop(LOCKED, None)
    request.session.pop("unlock_attempts", None)
    request.session[LAST_ACTIVE] = timezone.now().timestamp()
    request.session.cycle_key()
    return HttpResponse(status=204)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def step_up(request: StaffRequest) -> HttpResponse:
    """Ask the reader to prove once more who they are, and lead back to the page or form that waits for it."""
    now = timezone.now()
    if request.method == "GET":
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"request_options": begin_authentication(request.user)})
        form = StepUpForm(initial={"step_up_next": request.GET.get("next", "")}, request=request)
        return render_question(request, form)
    is_script = request.headers.get("X-Requested-With") == "fetch"
    form = StepUpForm(request.POST, request=request)
    if not form.is_valid():
        if is_script:
            return JsonResponse({"error": next(iter(form.errors.values()))[0]}, status=400)
        return render_question(request, form)
    services.record_step_up(actor=request.actor, now=now)
    begin_step_up(request.session, now)
    if is_script:
        return HttpResponse(status=204)
    target = form.cleaned_data["step_up_next"]
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return redirect("/")
    return redirect(target, preserve_request=form.cleaned_data["step_up_keeps"])


@login_required
@require_POST
def keep_step_up(request: StaffRequest) -> HttpResponse:
    """Note that somebody works on a protected page, as its script tells once a minute while there are keys or taps."""
    if not request.actor.has_stepped_up(timezone.now()):
        raise StepUpNeeded("keep")
    continue_step_up(request.session, timezone.now())
    return HttpResponse(status=204)


def show_lockout(request: StaffRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer too many failed sign-ins: same words for a known and an unknown account."""
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"error": _("Too many attempts. Wait 15 minutes.")}, status=429)
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
        return _show_link(request, user)
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


@login_required
@require_POST
def end_session(request: StaffRequest, user_id: UUID) -> HttpResponse:
    """End the session of a member of staff, wherever it is."""
    user = get_object_or_404(selectors.list_staff(request.actor), pk=user_id)
    services.end_session(actor=request.actor, user=user, office_id=_managed_office(request))
    messages.success(request, _("The session is ended. Whoever had it must sign in again."))
    return redirect("staff-member", user_id)


@login_required
@require_POST
def new_link(request: StaffRequest, user_id: UUID) -> HttpResponse:
    """Make a link for a forgotten password; shown once, to be handed over in person."""
    user = get_object_or_404(selectors.list_staff(request.actor), pk=user_id)
    services.allow_new_password(actor=request.actor, user=user, office_id=_managed_office(request))
    return _show_link(request, user)


def _show_link(request: StaffRequest, user: User) -> HttpResponse:
    link = reverse("welcome", args=[user.pk, default_token_generator.make_token(user)])
    context = {"member": user, "link": request.build_absolute_uri(link), "is_new": not user.has_usable_password()}
    return render(request, "accounts/invited.html", context)


def not_here(request: HttpRequest) -> HttpResponse:
    """Answer an address that the product closes like one that does not exist."""
    raise Http404


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
        services.set_password(user=user, password=form.cleaned_data["password"], now=timezone.now())
        messages.success(request, _("Your password is set. Sign in, then add a second factor."))
        return redirect("account_login")
    return render(request, "accounts/welcome.html", {"form": form, "invited": user})


def _managed_office(request: StaffRequest) -> UUID:
    offices = request.actor.offices_for(MANAGE_STAFF)
    return request.actor.home_office_id if request.actor.home_office_id in offices else min(offices)
