from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("puente.desk.urls")),
    path("account/", include("allauth.urls")),
    path("", include("puente.accounts.urls")),
    path("language/", set_language, name="set_language"),
    path("", include("puente.web.urls")),
    path("places/", include("puente.offices.urls")),
    path("people/", include("puente.people.urls")),
    path("reception/", include("puente.reception.urls")),
    path("protection/", include("puente.protection.urls")),
    path("needs/", include("puente.needs.urls")),
    path("openings/", include("puente.opportunities.urls")),
    path("counselling/", include("puente.counselling.urls")),
]
