from django.urls import path

from puente.reception.views import arrivals, commands, desk, manifests, queue

app_name = "reception"
urlpatterns = [
    path("new/", desk.new, name="new"),
    path("candidates/", desk.candidates, name="candidates"),
    path("new/form/", desk.prepare, name="prepare"),
    path("new/save/", desk.save, name="save"),
    path("new/<uuid:person_id>/", desk.again, name="again"),
    path("places/", desk.places, name="places"),
    path("commands/", commands.run, name="commands"),
    path("commands/schema/", commands.schema, name="schema"),
    path("queue/", queue.queue, name="queue"),
    path("queue/<uuid:arrival_id>/<slug:step>/", queue.move, name="move"),
    path("legal-minimum/", queue.legal_minimum, name="legal-minimum"),
    path("arrivals/<uuid:arrival_id>/", arrivals.arrival, name="arrival"),
    path("arrivals/<uuid:arrival_id>/correct/", arrivals.correct, name="correct"),
    path("arrivals/<uuid:arrival_id>/service/", arrivals.service, name="service"),
    path("arrivals/<uuid:arrival_id>/continue/", arrivals.continue_elsewhere, name="continue"),
    path("arrivals/<uuid:arrival_id>/slip.pdf", arrivals.slip, name="slip"),
    path("q/<str:code>/", arrivals.code, name="code"),
    path("lists/", manifests.manifests, name="manifests"),
    path("lists/new/", manifests.upload, name="upload"),
    path("lists/draft/<uuid:draft_id>/", manifests.draft, name="draft"),
    path("lists/draft/<uuid:draft_id>/load/", manifests.load, name="load"),
    path("lists/draft/<uuid:draft_id>/discard/", manifests.discard, name="discard"),
    path("lists/<uuid:manifest_id>/", manifests.manifest, name="manifest"),
    path("lists/<uuid:manifest_id>/close/", manifests.close, name="close"),
]
