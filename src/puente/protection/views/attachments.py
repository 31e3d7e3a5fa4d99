"""Pictures of papers of a case: what there is, a new one, and one taken along."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puente.people.pseudonyms import reference_of
from puente.platform.uploads import UnreadableFile
from puente.protection.case_file import Topic, read_case_file
from puente.protection.case_wording import COMPARTMENTS
from puente.protection.forms.decisions import AttachForm
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import VIEW_CASE, WRITE_CASE
from puente.protection.sealed import Compartment
from puente.protection.selectors.officers import name_staff
from puente.protection.services import attachments as services
from puente.protection.views.frame import describe_frame, in_case
from puente.web.downloads import download_file
from puente.web.requests import StaffRequest

TAB = "protection:papers"


@in_case(VIEW_CASE, Compartment.HEALTH)
@require_safe
def show_list(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """The papers that the purpose opens, the latest first; none is opened by being listed."""
    attachments = read_case_file(read_entries(opened, Topic.ATTACHMENT)).attachments
    staff = name_staff({one.made_by for one in attachments})
    context = {
        **describe_frame(request, opened, TAB),
        "rows": [
            {"paper": one, "part": COMPARTMENTS[one.compartment], "who": staff.get(one.made_by, "")}
            for one in reversed(attachments)
        ],
    }
    return render(request, "protection/cases/papers.html", context)


@in_case(WRITE_CASE, Compartment.HEALTH)
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """Attach a picture; what is kept is a new picture without any metadata."""
    parts = [one for one in services.COMPARTMENTS if opened.has(one)]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AttachForm(*sent, compartments=parts)
    if request.method == "POST" and form.is_valid():
        try:
            services.attach_image(
                actor=request.actor, opened=opened, compartment=Compartment(form.cleaned_data["compartment"]),
                title=form.cleaned_data["title"], content=form.cleaned_data["file"].read(), now=timezone.now(),
            )  # fmt: skip
        except UnreadableFile as problem:
            form.add_error("file", str(problem.message))
        except services.TooManyFiles:
            form.add_error(
                "file", _("The case holds %(most)s papers, and no more fit.") % {"most": services.MOST_FILES}
            )
        else:
            messages.success(request, _("The paper is kept."))
            return redirect(TAB, opened.case.pk)
    context = {
        **describe_frame(request, opened, TAB),
        "form": form,
        "title": _("Attach a paper"),
        "lead": _("Only what the case needs. Let the person keep the original."),
        "submit": _("Attach it"),
        "back_url": reverse(TAB, args=[opened.case.pk]),
    }
    return render(request, "protection/cases/write.html", context, status=422 if form.errors else 200)


@in_case(VIEW_CASE, Compartment.HEALTH)
@require_safe
def take(request: StaffRequest, opened: OpenedCase, file_id: UUID) -> HttpResponse:
    """Take a picture along; its name is a code, and the opening leaves an event."""
    paper, content = services.open_attachment(actor=request.actor, opened=opened, file_id=file_id, now=timezone.now())
    name = f"{reference_of(opened.case.person_id)}-{file_id.hex[-6:]}.jpg"
    return download_file(name, content, paper.media_type)
