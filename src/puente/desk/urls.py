from django.urls import path

from puente.desk.views import person, pilot, reports, today

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("today/<uuid:arrival_id>/take/", today.take, name="take"),
    path("today/<uuid:arrival_id>/release/", today.release, name="release"),
    path("person/<uuid:person_id>/", person.person, name="person"),
    path("pilot/", pilot.pilot, name="pilot"),
    path("pilot/edit/", pilot.edit, name="pilot-edit"),
    path("pilot/figures/<slug:name>.csv", pilot.download, name="figures-csv"),
    path("pilot/report/", reports.report, name="report"),
]
