from django.urls import path

from puente.needs.views import assessment, needs

app_name = "needs"
urlpatterns = [
    path("", needs.show_list, name="list"),
    path("export.csv", needs.export_list, name="export"),
    path("person/<uuid:person_id>/", needs.show_person, name="person"),
    path("person/<uuid:person_id>/add/", needs.add, name="add"),
    path("person/<uuid:person_id>/assess/", assessment.start, name="start"),
    path("assessments/<uuid:response_id>/", assessment.resume, name="assessment"),
    path("assessments/<uuid:response_id>/step/<slug:code>/", assessment.step, name="step"),
    path("assessments/<uuid:response_id>/review/", assessment.review, name="review"),
    path("assessments/<uuid:response_id>/finish/", assessment.finish, name="finish"),
    path("assessments/<uuid:response_id>/continues/", assessment.show_continues, name="continues"),
    path("assessments/<uuid:response_id>/correct/<slug:name>/", assessment.correct, name="correct"),
    path("<uuid:need_id>/", needs.show_need, name="need"),
    path("<uuid:need_id>/plan/", needs.plan, name="plan"),
    path("<uuid:need_id>/move/", needs.move, name="move"),
]
