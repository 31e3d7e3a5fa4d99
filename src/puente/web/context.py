"""What the frame of each page needs besides its own content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from puente.web.navigation import describe_standing, find_entries

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Give templates the navigation, the reader, the theme and the idle limit."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "",
        "is_demo": getattr(settings, "DEMO", False),
        "reader": user if signed_in else None,
        "standing": describe_standing(request) if signed_in else "",
        "navigation": find_entries(request) if signed_in else [],
        "idle_minutes": settings.IDLE_LIMIT.total_seconds() / 60,
    }
