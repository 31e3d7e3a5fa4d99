"""Who looks at a reserved file, where and when: in words, and as the picture that lies over the page."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from puente.offices.models import Office
from puente.platform.policy import Actor

#: Pixels that a letter of the mark takes, and the empty space after each repetition.
LETTER, GAP, LINE = 8.6, 90, 110

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%"><defs><pattern id="mark" width="{width}"'
    ' height="{height}" patternUnits="userSpaceOnUse" patternTransform="rotate(-28)">'
    '<text x="0" y="{first}" font-family="sans-serif" font-size="17">{text}</text></pattern></defs>'
    '<rect width="100%" height="100%" fill="url(#mark)"/></svg>'
)


def describe_viewer(actor: Actor, now: datetime) -> str:
    """Return name, office and minute of somebody who looks at something now."""
    office = Office.objects.filter(pk=actor.home_office_id).first() if actor.home_office_id else None
    minute = date_format(timezone.localtime(now), "SHORT_DATETIME_FORMAT")
    return " · ".join(filter(None, (actor.name, office.label if office else "", minute)))


@login_required
@require_safe
@never_cache
def watermark(request: HttpRequest) -> HttpResponse:
    """The mark as a picture, so that it needs no style of its own in the page and is printed with it."""
    text = describe_viewer(request.actor, timezone.now())  # type: ignore[attr-defined]
    picture = format_html(PICTURE, width=round(len(text) * LETTER) + GAP, height=LINE, first=round(LINE / 2), text=text)
    return HttpResponse(picture, content_type="image/svg+xml")
