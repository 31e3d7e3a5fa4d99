"""The product's addresses with a search page that stands here whether or not the room of people has one yet."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from puente.config.urls import urlpatterns as product


def search(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("people/", include(([path("search/", search, name="search")], "people"))), *product]
