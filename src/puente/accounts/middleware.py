import logging
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from puente.accounts.models import User
from puente.accounts.selectors import build_actor, has_second_factor
from puente.accounts.sessions import LAST_ACTIVE, LOCKED, SECOND_FACTOR, Ending, find_ending, is_idle
from puente.accounts.step_up import ask_for_step_up, end_step_up, read_step_up
from puente.accounts.watermark import describe_viewer
from puente.audit.services import note_refusal
from puente.platform.policy import BudgetSpent, Erased, NotAllowed, StepUpNeeded
from puente.platform.row_security import acting_as
from puente.platform.watermark import answering

log = logging.getLogger("puente.security")

ALLOWED_WITHOUT_FACTOR = ("/account/", "/language/")
WORDS = {
    Ending.ELSEWHERE: _("This session ended: you signed in somewhere else. If it was not you, tell who administers"
                        " your office at once."),
    Ending.REVOKED: _("This session was ended, or your roles changed. Sign in again."),
    Ending.TOO_OLD: _("A session lasts 12 hours at most. Sign in again."),
}  # fmt: skip


class ActorMiddleware:
    """Run each request of a member of staff in one transaction in which the database knows who acts.

    A session that no longer stands ends here, at its next request; a locked one reaches nothing but the lock; one
    without a second factor, outside the demo, nothing but the page that sets one up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        was_signed_in = SESSION_KEY in request.session
        response = self._answer(request)
        if was_signed_in and not request.user.is_authenticated:
            # Nothing of what was shown stays in the browser.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            if SESSION_KEY in request.session:
                # Whose account was closed, or whose password changed, leaves no session behind.
                request.session.flush()
            return self.get_response(request)
        if gate := self._find_gate(request):
            return gate
        now = timezone.now()
        actor = build_actor(request.user, now, read_step_up(request.session, now))
        request.actor = actor  # type: ignore[attr-defined]
        with transaction.atomic(), acting_as(actor), answering(lambda: describe_viewer(actor, now)):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        if response.status_code in (403, 404):
            # The same line for what does not exist, is another office's, or is sealed.
            view = request.resolver_match.view_name if request.resolver_match else "none"
            log.warning("refused %s to %s with %s", view, actor.id, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what the actor may not do exactly like what does not exist; ask for a step-up where that is all,
        and say what was erased.
        """
        if isinstance(exception, StepUpNeeded):
            return ask_for_step_up(request)
        if isinstance(exception, BudgetSpent):
            return render(request, "accounts/budget_spent.html", status=429)
        if isinstance(exception, Erased):
            return render(request, "410.html", status=410)
        if isinstance(exception, NotAllowed):
            if request.actor is not None and not connection.needs_rollback:  # type: ignore[attr-defined]
                page = request.resolver_match.view_name if request.resolver_match else ""
                note_refusal(actor=request.actor, page=page, now=timezone.now())  # type: ignore[attr-defined]
            return render(request, "404.html", status=404)
        return None

    def _find_gate(self, request: HttpRequest) -> HttpResponse | None:
        user, now = request.user, timezone.now()
        if request.path.startswith(reverse("account_logout")):
            return None
        if isinstance(user, User) and (ending := find_ending(request.session, user, now)):
            return _end_session(request, ending)
        if request.path.startswith((reverse("lock"), reverse("unlock"))):
            return None
        if is_idle(request.session, now):
            request.session[LOCKED] = True
            end_step_up(request.session)
        if request.session.get(LOCKED):
            if request.headers.get("HX-Request"):
                return HttpResponse(status=423)
            return render(request, "web/locked.html", {"next": request.get_full_path()}, status=423)
        # A page that refreshes itself says so: that nobody touches it is no activity.
        if "X-Refresh" not in request.headers:
            request.session[LAST_ACTIVE] = now.timestamp()
        if isinstance(user, User) and not user.is_demo and not request.session.get(SECOND_FACTOR):
            if has_second_factor(user):
                request.session[SECOND_FACTOR] = True
            elif not request.path.startswith(ALLOWED_WITHOUT_FACTOR):
                return redirect("mfa_index")
        return None


def _end_session(request: HttpRequest, ending: Ending) -> HttpResponse:
    log.warning("session of %s ended: %s", request.user.pk, ending)
    logout(request)
    messages.warning(request, WORDS[ending])
    address = reverse("account_login")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect(address)
