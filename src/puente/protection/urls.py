from django.urls import path

from puente.protection.views import inbox

app_name = "protection"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<uuid:handover_id>/", inbox.handover, name="handover"),
    path("inbox/<uuid:handover_id>/acknowledge/", inbox.acknowledge, name="acknowledge"),
]
