from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from puente.counselling.forms.choices import BirthForm
from puente.counselling.services.phone import OpenedPage, TooManyAnswers, WrongAnswer, open_phone_page

#: Where "leave quickly" goes: anything harmless that everybody looks at.
WEATHER = "https://smn.conagua.gob.mx/es/"


@never_cache
def show_phone_page(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the birth date; with the right one show the options. Nothing tells whether a code exists."""
    form, context = BirthForm(request.POST or None), {"weather": WEATHER, "problem": ""}
    if request.method == "POST" and form.is_valid():
        try:
            page = open_phone_page(
                code=code, birth=form.birth, address=request.META.get("REMOTE_ADDR", ""), now=timezone.now()
            )
        except TooManyAnswers:
            context["problem"] = "wait"
        except WrongAnswer:
            context["problem"] = "wrong"
        else:
            return _show_options(request, page)
    return _hide_from_search(render(request, "counselling/phone_question.html", context | {"form": form}))


def _show_options(request: HttpRequest, page: OpenedPage) -> HttpResponse:
    with translation.override(page.content["language"]):
        return _hide_from_search(
            render(
                request,
                "counselling/phone_options.html",
                {"page": page.content, "closed": page.closed, "weather": WEATHER},
            )
        )


def _hide_from_search(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
