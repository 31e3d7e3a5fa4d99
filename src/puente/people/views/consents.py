from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puente.people.catalogue import consent_capacities, consent_means
from puente.people.forms.consent import LANGUAGES, ConsentForm
from puente.people.models import ConsentText, Person
from puente.people.opening import OpenedPerson
from puente.people.panels import DECISIONS, name_of
from puente.people.policies import RECORD_CONSENT
from puente.people.purposes import usual_purpose
from puente.people.selectors import list_consent_texts, list_consents, list_decisions
from puente.people.services import open_person, record_consents
from puente.platform.policy import Actor, NotAllowed

#: The person's own language decides in which words the consents are read out, where there are such words.
SPOKEN = {"spanish": "es", "english": "en", "french": "fr"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask for consents in the person's language, take one back, and see every decision."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    opened = open_person(actor=actor, person_id=person_id, purpose=usual_purpose(actor), now=timezone.now())
    texts, latest = list_consent_texts(), list_consents(actor, person_id)
    language = _choose_language(request, opened.person)
    form = ConsentForm(request.POST or None, texts=texts, latest=latest)
    if request.method == "POST" and form.is_valid():
        record_consents(
            actor=actor,
            person_id=person_id,
            office_id=_find_office(actor),
            decisions=form.decisions,
            language=language,
            means=form.cleaned_data["means"],
            capacity=form.cleaned_data["capacity"],
            has_interpreter=form.cleaned_data["has_interpreter"],
            witness=form.cleaned_data["witness"],
            purpose=usual_purpose(actor),
            now=timezone.now(),
        )
        messages.success(request, _("The decisions were recorded."))
        return redirect("people:consents", person_id)
    context = {
        "person": opened.person,
        "title": name_of(opened.identity.name),
        "form": form,
        "may_record": actor.may(RECORD_CONSENT),
        "language": language,
        "languages": LANGUAGES,
        "purposes": [_describe(text, form, latest, language) for text in texts],
        "history": _describe_history(actor, opened, texts),
    }
    return render(request, "people/consents.html", context, status=422 if form.errors else 200)


def _find_office(actor: Actor) -> UUID:
    offices = actor.offices_for(RECORD_CONSENT)
    if not offices:
        raise NotAllowed(RECORD_CONSENT.name)
    return actor.home_office_id if actor.home_office_id in offices else sorted(offices)[0]


def _choose_language(request: HttpRequest, person: Person) -> str:
    asked = request.POST.get("language") or request.GET.get("language")
    if asked in dict(LANGUAGES):
        return str(asked)
    return next((SPOKEN[code] for code in person.languages if code in SPOKEN), "es")


def _describe(text: ConsentText, form: ConsentForm, latest: dict[str, Any], language: str) -> dict[str, Any]:
    decision = latest.get(text.purpose)
    with translation.override(language):
        label, words, withdrawal = text.label, text.text, text.withdrawal
    return {
        "label": label,
        "words": words,
        "withdrawal": withdrawal,
        "field": form[f"decision_{text.purpose}"],
        "decision": decision.decision if decision else "",
        "state": DECISIONS[decision.decision] if decision else _("not decided"),
        "decided_at": decision.decided_at if decision else None,
    }


def _describe_history(actor: Actor, opened: OpenedPerson, texts: list[ConsentText]) -> list[dict[str, Any]]:
    labels = {text.purpose: text.label for text in texts}
    means, capacities, languages = consent_means(), consent_capacities(), dict(LANGUAGES)
    return [
        {
            "at": told.decision.decided_at,
            "purpose": labels.get(told.decision.purpose, told.decision.purpose),
            "decision": DECISIONS[told.decision.decision],
            "means": means[told.decision.means].label if told.decision.means in means else "",
            "capacity": capacities[told.decision.capacity].label if told.decision.capacity in capacities else "",
            "witness": told.witness,
            "language": languages.get(told.decision.language, told.decision.language),
            "version": told.decision.text_version,
            "recorded_by": told.recorded_by,
        }
        for told in list_decisions(actor, opened)
    ]
