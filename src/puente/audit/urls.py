from django.urls import path

from puente.audit.views import alerts, events, heads

app_name = "audit"
urlpatterns = [
    path("", events.events, name="events"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<uuid:alert_id>/review/", alerts.review, name="review"),
    path("canaries/", alerts.canaries, name="canaries"),
    path("heads/", heads.heads, name="heads"),
    path("heads/take/", heads.take, name="take-head"),
    path("heads/<uuid:head_id>/", heads.head, name="head"),
    path("heads/<uuid:head_id>.json", heads.download, name="head-file"),
]
