"""What the frame of each page needs besides its own content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from puente.platform.watermark import find_watermark
from puente.web.navigation import build_navigation, describe_standing

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Give templates the navigation, the reader, the theme and the idle limit."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return {
        "theme": theme if theme in THEMES else "",
        "theme_cookie": settings.THEME_COOKIE_NAME,
        "is_demo": getattr(settings, "DEMO", False),
        "reader": user if signed_in else None,
        "standing": describe_standing(request) if signed_in else "",
        "navigation": build_navigation(request) if signed_in else None,
        # A function: the end of the page asks, when everything that the page shows was read.
        "watermark": find_watermark,
        "idle_minutes": settings.IDLE_LIMIT.total_seconds() / 60,
    }
