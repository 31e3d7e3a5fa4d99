from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puente.counselling.documents.sheet import FILE_NAME, render_sheet
from puente.counselling.options import LANGUAGES, choose_language
from puente.counselling.selectors.shortlists import find_sheet, read_sheet
from puente.counselling.services.sheets import ContactUnsafe, NothingChosen, make_sheet, may_take_paper
from puente.counselling.views.case import open_case
from puente.web.requests import StaffRequest


@login_required
@require_POST
def make(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Make the sheet of what was chosen, in the person's language or the one asked for."""
    case = open_case(request, person_id)
    language = request.POST.get("language", "")
    try:
        make_sheet(
            actor=case.actor, person_id=person_id, now=case.now,
            language=language if language in LANGUAGES else choose_language(case.person),
        )  # fmt: skip
    except ContactUnsafe:
        messages.error(request, _("What keeps the person safe lets no paper go with them now. Show it on the screen."))
        return redirect("counselling:shortlist", person_id)
    except NothingChosen:
        messages.error(request, _("Nothing is chosen yet. Tick what the person chose, keep it, and print then."))
        return redirect("counselling:shortlist", person_id)
    return redirect("counselling:print_sheet", person_id)


@login_required
def show(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """The newest sheet as a PDF; printing it again gives the same code."""
    case = open_case(request, person_id)
    sheet = find_sheet(case.actor, person_id)
    if sheet is None:
        raise Http404
    if not may_take_paper(case.actor, person_id, case.now):
        messages.error(request, _("What keeps the person safe lets no paper go with them now. Show it on the screen."))
        return redirect("counselling:shortlist", person_id)
    content = read_sheet(sheet, case.opened.data_key)
    path = reverse("counselling:phone", args=[content["code"]]) if content["code"] else ""
    pdf = render_sheet(content["text"], request.build_absolute_uri(path) if path else "")
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{FILE_NAME}"'}
    )
