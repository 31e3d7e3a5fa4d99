"""What every answer tells the browser, and what no request may ask."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Answer = Callable[[HttpRequest], HttpResponse]

#: The browser's powers that no page here uses; passkeys are the one that some do.
UNUSED_POWERS = (
    "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "interest-cohort", "local-fonts",
    "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb",
    "web-share", "xr-spatial-tracking",
)  # fmt: skip
HEADERS = {
    "X-Frame-Options": "DENY",
    "Permissions-Policy": ", ".join(
        [*(f"{power}=()" for power in UNUSED_POWERS), "publickey-credentials-get=(self)",
         "publickey-credentials-create=(self)"]
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
}  # fmt: skip
ALLOWED_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


class SecurityHeaders:
    """The outermost layer: headers on every answer, errors and static files included.

    What is made for a reader is kept by nobody: no cache of a browser or of a proxy, no validator that would tell
    whether a page changed. Files of the product itself keep their long life.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        if not request.path.startswith(settings.STATIC_URL) or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store, private"
            for name in ("ETag", "Last-Modified", "Expires"):
                response.headers.pop(name, None)
        return response


class RequestLimits:
    """Refuse methods that nothing here answers, and bodies larger than any file, before a byte of them is read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ALLOWED_METHODS:
            return HttpResponse(status=405, headers={"Allow": ", ".join(sorted(ALLOWED_METHODS))})
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            return HttpResponse(status=400)
        # The framework bounds forms, not files.
        return (
            render(request, "413.html", status=413)
            if int(length) > settings.LARGEST_BODY
            else self.get_response(request)
        )
