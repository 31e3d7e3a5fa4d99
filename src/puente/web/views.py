"""The living component page: every component, in both themes, for staff."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from puente.web import samples

ROLES = ("ground", "panel", "well", "ink", "river", "person", "error", "done", "seal")


@login_required
def look(request: HttpRequest) -> HttpResponse:
    """Show all components twice, light and dark."""
    drawn = samples.build_samples()
    sides = [(theme, samples.build_form(theme)) for theme in ("light", "dark")]
    return render(
        request,
        "web/look/page.html",
        {"sides": sides, "sample": drawn, "charts": samples.build_charts(), "roles": ROLES},
    )


@login_required
def look_question(request: HttpRequest) -> HttpResponse:
    """Show the question page of tablets and phones."""
    form = samples.QuestionForm(initial={"needs": ["call", "sleep"]})
    return render(request, "web/look/question.html", {"form": form})
