"""Heads: where the chain of an office stood, to be kept outside of this machine; and what the last check found."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puente.audit.heads import write_heads
from puente.audit.models import Head
from puente.audit.selectors import find_head, find_last_verification, list_heads, tell_findings, tell_heads
from puente.audit.services.chain import signed_head_of, take_own_heads
from puente.audit.views.frame import list_tabs
from puente.platform.documents import draw_qr
from puente.platform.keys import load_keyring
from puente.platform.signing import fingerprint_of, public_key_of
from puente.web.paging import KeysetPage
from puente.web.requests import StaffRequest

PAGE_SIZE = 16


@login_required
@require_safe
def heads(request: StaffRequest) -> HttpResponse:
    """Show what the last check found, and the heads of the reader's offices, the latest first."""
    page = KeysetPage.of_request(request, list_heads(request.actor), ("-at", "id"), PAGE_SIZE)
    verification = find_last_verification(request.actor)
    context = {
        "page": page,
        "heads": tell_heads(page.rows),
        "verification": verification,
        "findings": tell_findings(request.actor, verification) if verification else [],
        "fingerprint": fingerprint_of(public_key_of(load_keyring().signing_key)),
        "tabs": list_tabs(request, "audit:heads"),
    }
    return render(request, "audit/heads.html", context)


@login_required
@require_POST
def take(request: StaffRequest) -> HttpResponse:
    """Sign the heads of the reader's offices now."""
    if take_own_heads(actor=request.actor, now=timezone.now()):
        messages.success(request, _("The head is signed. Print it or download it, and keep it elsewhere."))
    else:
        messages.info(request, _("There is no event yet."))
    return redirect("audit:heads")


@login_required
@require_safe
def head(request: StaffRequest, head_id: UUID) -> HttpResponse:
    """Show one head as a sheet to print, with a QR code."""
    row = _find(request, head_id)
    signed = signed_head_of(row)
    (told,) = tell_heads([row])
    context = {
        "told": told,
        "signed": signed.to_json(),
        # Drawn by our own library from hexadecimal digits, base64 and dates.
        "qr": mark_safe(draw_qr(signed.write_line())),  # noqa: S308
    }
    request.section = "audit:events"
    return render(request, "audit/head.html", context)


@login_required
@require_safe
def download(request: StaffRequest, head_id: UUID) -> HttpResponse:
    """Answer one head as a file for `puente audit verify --head`."""
    signed = signed_head_of(_find(request, head_id))
    name = f"puente-head-{signed.at:%Y-%m-%d}-{signed.head.seq}.json"
    return HttpResponse(
        write_heads(load_keyring(), [signed]),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _find(request: StaffRequest, head_id: UUID) -> Head:
    row = find_head(request.actor, head_id)
    if row is None:
        raise Http404
    return row
