from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puente.accounts.middleware import LAST_ACTIVE, LOCKED

MOST_UNLOCK_ATTEMPTS = 5


@login_required
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the session; the page that was open keeps its draft."""
    request.session[LOCKED] = True
    return HttpResponse(status=204)


@login_required
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
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


def show_lockout(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer too many failed sign-ins: same words for a known and an unknown account."""
    return render(request, "accounts/lockout.html", status=429)
