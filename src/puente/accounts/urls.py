from django.urls import path

from puente.accounts import views

urlpatterns = [
    path("lock/", views.lock, name="lock"),
    path("unlock/", views.unlock, name="unlock"),
]
