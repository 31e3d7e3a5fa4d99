from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from puente.counselling.forms.choices import OutcomeForm
from puente.counselling.policies import RECORD_OUTCOME
from puente.counselling.selectors.followups import ORDER, get_follow_up, list_due, list_outcomes
from puente.counselling.services.outcomes import record_outcome
from puente.counselling.views.case import open_case
from puente.engines.identity.names import list_name
from puente.people.selectors import contact_rule, has_consent, name_people
from puente.platform.policy import Purpose
from puente.web.paging import KeysetPage
from puente.web.requests import StaffRequest


@login_required
def show_due(request: StaffRequest) -> HttpResponse:
    """Who is to be asked how they are, the longest overdue first."""
    actor, today = request.actor, timezone.localdate()
    page = KeysetPage.of_request(request, list_due(actor, today), ORDER, size=16)
    names = name_people(actor, [row.person_id for row in page.rows])
    rows = [
        (row, list_name(names[row.person_id]) if row.person_id in names else "", row.due_on < today)
        for row in page.rows
    ]
    return render(request, "counselling/follow_ups.html", {"page": page, "rows": rows})


@login_required
def ask(request: StaffRequest, follow_up_id: UUID) -> HttpResponse:
    """Take down how one person is, with the rule of contact before anything else."""
    follow_up = get_follow_up(request.actor, follow_up_id)
    case = open_case(request, follow_up.person_id, Purpose.FOLLOW_UP)
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record_outcome(actor=case.actor, follow_up_id=follow_up_id, now=case.now, **form.cleaned_data)
        messages.success(request, _("Taken down."))
        return redirect("counselling:follow_ups")
    context = {
        "case": case,
        "follow_up": follow_up,
        "form": form,
        "rule": contact_rule(case.opened.identity),
        "may_contact": has_consent(case.actor, case.person.pk, "contact_later"),
        "may_record": case.actor.may(RECORD_OUTCOME),
        "outcomes": list_outcomes(case.actor, case.person.pk, case.opened.data_key),
    }
    return render(request, "counselling/follow_up.html", context, status=422 if form.errors else 200)
