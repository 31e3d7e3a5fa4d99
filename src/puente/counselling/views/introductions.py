from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puente.counselling.documents.introduction import FILE_NAME, render_introduction
from puente.counselling.forms.choices import ConsentForm, IntroduceForm, StateForm
from puente.counselling.models import Introduction
from puente.counselling.policies import RECORD_OUTCOME, SEND_INTRODUCTION, choose_office
from puente.counselling.selectors.introductions import (
    ORDER,
    count_states,
    get_introduction,
    list_events,
    list_introductions,
    read_sent,
)
from puente.counselling.services.introductions import (
    CONSENT,
    NEXT_STATES,
    ConsentMissing,
    EmployerAvoided,
    IntroducedAlready,
    IntroductionChanged,
    StateImpossible,
    digest_introduction,
    find_consent,
    move_introduction,
    send_introduction,
    write_introduction,
)
from puente.counselling.views.case import Case, open_case
from puente.counselling.wording import say_years
from puente.engines.identity.names import list_name
from puente.opportunities.models import Employer, Opening
from puente.opportunities.selectors.openings import get_opening
from puente.people.policies import OPEN_PERSON
from puente.people.selectors import list_consent_texts, name_people
from puente.people.services import record_consents
from puente.platform.policy import Purpose
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest


@login_required
def introduce(request: StaffRequest, person_id: UUID, opening_id: UUID) -> HttpResponse:
    """Show exactly what an employer would be told, and send it with the person's yes."""
    case = open_case(request, person_id)
    opening = _find_opening(case, opening_id)
    trust = opening.employer.trust if opening.employer else ""
    sent = write_introduction(case.opened, case.profile.facts, opening)
    consent = find_consent(case.actor, person_id)
    form = IntroduceForm(request.POST or None, initial={"shown": digest_introduction(sent)})
    if request.method == "POST" and form.is_valid():
        introduction = _send(request, case, opening_id, form)
        if introduction is not None:
            return redirect("counselling:introduction", introduction.pk)
        return redirect("counselling:introduce", person_id, opening_id)
    context = {
        "case": case,
        "opening": opening,
        "sent": sent,
        "consent": consent,
        "form": form,
        "consent_form": ConsentForm(),
        "experience": say_years(sent["years"]),
        "consent_text": next(text for text in list_consent_texts() if text.purpose == CONSENT),
        "is_avoided": trust == Employer.Trust.AVOID,
        "with_caution": trust == Employer.Trust.CAUTION,
    }
    return render(request, "counselling/introduce.html", context, status=422 if form.errors else 200)


def _find_opening(case: Case, opening_id: UUID) -> Opening:
    try:
        opening = get_opening(case.actor, opening_id)
    except Opening.DoesNotExist:
        raise Http404 from None
    if opening.employer is None:
        raise Http404
    return opening


def _send(request: StaffRequest, case: Case, opening_id: UUID, form: IntroduceForm) -> Introduction | None:
    """Send; where it cannot be done say why, and return None."""
    try:
        introduction = send_introduction(
            actor=case.actor,
            person_id=case.person.pk,
            opening_id=opening_id,
            channel=form.cleaned_data["channel"],
            shown_digest=form.cleaned_data["shown"],
            now=case.now,
        )
    except ConsentMissing:
        messages.error(request, _("The person has not said yes to being shown to employers. Nothing was sent."))
    except EmployerAvoided:
        messages.error(request, _("The office sends nobody to this employer. Nothing was sent."))
    except IntroducedAlready:
        messages.error(request, _("The person was introduced here already. Nothing was sent."))
    except IntroductionChanged:
        messages.error(request, _("What would be sent has changed. Look at it again. Nothing was sent."))
    except Opening.DoesNotExist:
        messages.error(request, _("This opening is no longer there. Nothing was sent."))
    else:
        messages.success(request, _("Introduced. The letter can be printed below."))
        return introduction
    return None


@login_required
@require_POST
def take_consent(request: StaffRequest, person_id: UUID, opening_id: UUID) -> HttpResponse:
    """Take down what the person says to being shown to employers."""
    case, form = open_case(request, person_id), ConsentForm(request.POST)
    if form.is_valid():
        record_consents(
            actor=case.actor,
            person_id=person_id,
            office_id=choose_office(case.actor, SEND_INTRODUCTION),
            decisions={CONSENT: form.cleaned_data["decision"]},
            language=request.LANGUAGE_CODE,
            means=form.cleaned_data["means"],
            witness=form.cleaned_data["witness"],
            purpose=Purpose.COUNSELLING,
            now=case.now,
        )
        messages.success(request, _("The person's decision was taken down."))
    else:
        messages.error(request, _("Choose what the person said, how, and who heard it. Nothing was taken down."))
    return redirect("counselling:introduce", person_id, opening_id)


@login_required
def show_introductions(request: StaffRequest) -> HttpResponse:
    """The introductions of the office, the latest news first."""
    actor, state = request.actor, request.GET.get("state", "")
    if state not in Introduction.State.values:
        state = ""
    page = KeysetPage.of_request(request, list_introductions(actor, state), ORDER, size=16)
    counts = count_states(actor)
    names = name_people(actor, [row.person_id for row in page.rows]) if actor.may(OPEN_PERSON) else {}
    pills: list[tuple[str, str | Promise, int]] = [("", _("All introductions"), sum(counts.values()))]
    pills += [(value, label, counts.get(value, 0)) for value, label in Introduction.State.choices]
    context = {
        "page": page,
        "pills": build_pills(request, "state", pills),
        "may_name": actor.may(OPEN_PERSON),
        "rows": [(row, list_name(names[row.person_id]) if row.person_id in names else "") for row in page.rows],
    }
    return render(request, "counselling/introductions.html", context)


@login_required
def show_introduction(request: StaffRequest, introduction_id: UUID) -> HttpResponse:
    """One introduction: what was sent, what happened, and what happens next."""
    request.section = "counselling:introductions"
    actor, now = request.actor, timezone.now()
    introduction = get_introduction(actor, introduction_id)
    case = open_case(request, introduction.person_id, Purpose.REFERRAL) if actor.may(OPEN_PERSON) else None
    form = StateForm(NEXT_STATES[introduction.state], request.POST or None)
    may_move = actor.may(SEND_INTRODUCTION) or actor.may(RECORD_OUTCOME)
    if request.method == "POST" and form.is_valid():
        try:
            move_introduction(
                actor=actor,
                introduction_id=introduction_id,
                state=form.cleaned_data["state"],
                wage=form.cleaned_data["wage"],
                now=now,
            )
        except StateImpossible:
            messages.error(request, _("Somebody else noted something meanwhile. Look at it again."))
        return redirect("counselling:introduction", introduction_id)
    context = {
        "introduction": introduction,
        "case": case,
        "form": form,
        "events": list_events(introduction),
        "sent": read_sent(introduction, case.opened.data_key) if case else None,
        "may_move": may_move and bool(NEXT_STATES[introduction.state]),
    }
    return render(request, "counselling/introduction.html", context, status=422 if form.errors else 200)


@login_required
def print_introduction(request: StaffRequest, introduction_id: UUID) -> HttpResponse:
    """The letter to the employer: exactly what was sent."""
    introduction = get_introduction(request.actor, introduction_id)
    case = open_case(request, introduction.person_id, Purpose.REFERRAL)
    pdf = render_introduction(
        read_sent(introduction, case.opened.data_key),
        place=introduction.office.municipality.name,
        day=introduction.made_at.date(),
    )
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{FILE_NAME}"'}
    )
