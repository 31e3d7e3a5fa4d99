from django.urls import path

from puente.protection import views

app_name = "protection"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<uuid:handover_id>/", views.handover, name="handover"),
    path("inbox/<uuid:handover_id>/acknowledge/", views.acknowledge, name="acknowledge"),
]
