from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from puente.accounts.models import User
from puente.accounts.selectors import build_actor, has_second_factor
from puente.platform.policy import NotAllowed
from puente.platform.row_security import acting_as

LAST_ACTIVE = "last_active"
LOCKED = "locked"
SECOND_FACTOR = "second_factor"
ALLOWED_WITHOUT_FACTOR = ("/account/", "/language/")


class ActorMiddleware:
    """Run each request of a member of staff in one transaction in which the database knows who acts.

    A locked session reaches nothing but the lock; a session without a second factor, outside the
    demo, nothing but the page that sets one up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated:
            return self.get_response(request)
        if gate := self._find_gate(request):
            return gate
        now = timezone.now()
        actor = build_actor(request.user, now)
        request.actor = actor  # type: ignore[attr-defined]
        with transaction.atomic(), acting_as(actor):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what the actor may not do exactly like what does not exist."""
        if isinstance(exception, NotAllowed):
            return render(request, "404.html", status=404)
        return None

    def _find_gate(self, request: HttpRequest) -> HttpResponse | None:
        if request.path.startswith((reverse("lock"), reverse("unlock"), reverse("account_logout"))):
            return None
        if _is_idle(request, timezone.now()):
            request.session[LOCKED] = True
        if request.session.get(LOCKED):
            if request.headers.get("HX-Request"):
                return HttpResponse(status=423)
            return render(request, "web/locked.html", {"next": request.get_full_path()}, status=423)
        # A page that refreshes itself says so: that nobody touches it is no activity.
        if "X-Refresh" not in request.headers:
            request.session[LAST_ACTIVE] = timezone.now().timestamp()
        user = request.user
        if isinstance(user, User) and not user.is_demo and not request.session.get(SECOND_FACTOR):
            if has_second_factor(user):
                request.session[SECOND_FACTOR] = True
            elif not request.path.startswith(ALLOWED_WITHOUT_FACTOR):
                return redirect("mfa_index")
        return None


def _is_idle(request: HttpRequest, now: datetime) -> bool:
    last = request.session.get(LAST_ACTIVE)
    return last is not None and now.timestamp() - last > settings.IDLE_LIMIT.total_seconds()
