from django.urls import path

from puente.offices import views

app_name = "offices"
urlpatterns = [
    path("directory/", views.directory, name="directory"),
    path("directory/<slug:code>/", views.edit_service, name="service"),
    path("municipalities/", views.municipalities, name="municipalities"),
]
