from django.urls import path

from puente.people import views

app_name = "people"
urlpatterns = [
    path("", views.search, name="search"),
    path("invented/", views.plant, name="plant"),
    path("curp/", views.review_curp, name="curp"),
    path("<uuid:person_id>/who/", views.identity, name="identity"),
    path("<uuid:person_id>/correct/", views.correct, name="correct"),
    path("<uuid:person_id>/consents/", views.consents, name="consents"),
    path("<uuid:person_id>/group/", views.group, name="group"),
]
