"""The step-up: proving once more who one is before a protected page, and how long that holds (ADR 11)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from puente.accounts.models import User
from puente.platform.policy import LONGEST_STEP_UP, STEP_UP_VALIDITY, Action, NotAllowed, StepUpNeeded
from puente.web.requests import StaffRequest

#: When the last protected page was answered, and when the proof was given: seconds of the clock.
AT = "step_up_at"
BEGAN = "step_up_began"
#: The fields of the form begin with this, so that they may travel with the fields of another form.
PREFIX = "step_up_"

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class StepUpOffer:
    """What a page needs to ask for a step-up: which second factors the reader has, and when it will be time."""

    has_code: bool
    has_passkey: bool
    #: Seconds until the step-up ends; 0 where there is none.
    seconds: int = 0


def read_step_up(session: SessionBase, now: datetime) -> datetime | None:
    """Return since when the rule counts the step-up of a session; None where there is none or it lasted too long."""
    at, began = session.get(AT), session.get(BEGAN, session.get(AT))
    if at is None or now.timestamp() - began > LONGEST_STEP_UP.total_seconds():
        return None
    return datetime.fromtimestamp(at, UTC)


def begin_step_up(session: SessionBase, now: datetime) -> None:
    """Note that the reader proved who they are; the session gets a new key."""
    session.cycle_key()
    session[AT] = session[BEGAN] = now.timestamp()


def continue_step_up(session: SessionBase, now: datetime) -> None:
    """Make a step-up that still holds last anew; its beginning stays."""
    session.setdefault(BEGAN, session[AT])
    session[AT] = now.timestamp()


def end_step_up(session: SessionBase) -> None:
    """Forget the step-up, as when the screen is locked."""
    for name in (AT, BEGAN):
        session.pop(name, None)


def require_step_up(*actions: Action) -> Callable[[View], View]:
    """Decorate the view of a protected page: without a step-up it leads to the page that asks for one, and back.

    For whom no role gives one of the actions there is no such page, with or without a step-up. Each protected page that
    somebody asks for makes the step-up last anew; one that refreshes itself does not.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def protected(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            now = timezone.now()
            if not any(request.actor.may(action) for action in actions):
                raise NotAllowed(actions[0].name)
            if not request.actor.has_stepped_up(now):
                raise StepUpNeeded(actions[0].name)
            if "X-Refresh" not in request.headers:
                continue_step_up(request.session, now)
            request.step_up = SimpleLazyObject(lambda: offer_step_up(request, now))  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return protected

    return decorate


def offer_step_up(request: HttpRequest, now: datetime) -> StepUpOffer:
    """Return how the reader may step up, and how long what they have still holds."""
    assert isinstance(request.user, User)  # noqa: S101 - the callers require a member of staff
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    since = read_step_up(request.session, now)
    seconds = 0
    if since is not None:
        began = request.session.get(BEGAN, since.timestamp())
        ends = min(since + STEP_UP_VALIDITY, datetime.fromtimestamp(began, UTC) + LONGEST_STEP_UP)
        seconds = max(0, int((ends - now).total_seconds()))
    return StepUpOffer(Authenticator.Type.TOTP in kinds, Authenticator.Type.WEBAUTHN in kinds, seconds)


def ask_for_step_up(request: HttpRequest) -> HttpResponse:
    """Answer a request for which a step-up is missing.

    A page leads to the question and back. A form is answered with the question, which carries what was written;
    a request of a script with 401 alone: the page asks over what it shows, and sends again.
    """
    is_script = bool(request.headers.get("HX-Request")) or request.headers.get("X-Requested-With") == "fetch"
    if is_script:
        response = HttpResponse(status=401)
        response["WWW-Authenticate"] = "StepUp"
        response["X-Step-Up"] = reverse("step-up")
        return response
    if request.method in ("GET", "HEAD"):
        return redirect(f"{reverse('step-up')}?{urlencode({'next': request.get_full_path()})}")
    from puente.accounts.forms import StepUpForm

    form = StepUpForm(initial={"step_up_next": request.get_full_path(), "step_up_keeps": True}, request=request)
    return render_question(request, form, status=401)


def render_question(request: HttpRequest, form: forms.Form, status: int = 200) -> HttpResponse:
    """Show the question for a step-up, with the fields of the form that waits for it."""
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(PREFIX)
    ]
    context = {
        "form": form,
        "kept": kept,
        "lost_files": bool(request.FILES),
        "offer": offer_step_up(request, timezone.now()),
    }
    return render(request, "accounts/step_up.html", context, status=status)
