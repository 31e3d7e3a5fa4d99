from django.urls import path

from puente.web import views

app_name = "web"
urlpatterns = [
    path("look/", views.look, name="look"),
    path("look/question/", views.look_question, name="look-question"),
]
