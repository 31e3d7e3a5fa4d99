from django.urls import path

from puente.protection.views import access, cases, children, inbox, legal_forms, screenings, vulnerability

app_name = "protection"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("care/", inbox.care, name="care"),
    path("care/<uuid:handover_id>/", inbox.care_handover, name="care_handover"),
    path("care/<uuid:handover_id>/acknowledge/", inbox.acknowledge_care, name="acknowledge_care"),
    path("inbox/<uuid:handover_id>/", inbox.handover, name="handover"),
    path("inbox/<uuid:handover_id>/acknowledge/", inbox.acknowledge, name="acknowledge"),
    path("inbox/<uuid:handover_id>/take-on/", cases.begin, name="take_on"),
    path("inbox/<uuid:handover_id>/child/", cases.begin, {"page": "protection:child"}, name="child_begin"),
    path("cases/", cases.show_list, name="cases"),
    path("cases/<uuid:case_id>/", cases.show, name="case"),
    path("cases/<uuid:case_id>/open/", cases.ask_purpose, name="case_open"),
    path("cases/<uuid:case_id>/leave/", cases.leave, name="case_leave"),
    path("cases/<uuid:case_id>/child/", children.show, name="child"),
    path("cases/<uuid:case_id>/child/<slug:topic>/", children.write, name="child_write"),
    path("cases/<uuid:case_id>/child/<slug:topic>/paper.pdf", children.paper, name="child_paper"),
    path("cases/<uuid:case_id>/child/<slug:topic>/<uuid:entry_id>/", children.write, name="child_correct"),
    path("cases/<uuid:case_id>/screenings/", screenings.show_list, name="screenings"),
    path("cases/<uuid:case_id>/screenings/new/", screenings.begin, name="screening_begin"),
    path("cases/<uuid:case_id>/screenings/<uuid:screening_id>/", screenings.resume, name="screening"),
    path(
        "cases/<uuid:case_id>/screenings/<uuid:screening_id>/part/<str:code>/",
        screenings.dimension,
        name="screening_dimension",
    ),
    path("cases/<uuid:case_id>/screenings/<uuid:screening_id>/story/", screenings.story, name="screening_story"),
    path(
        "cases/<uuid:case_id>/screenings/<uuid:screening_id>/reading/",
        screenings.show_reading,
        name="screening_reading",
    ),
    path(
        "cases/<uuid:case_id>/screenings/<uuid:screening_id>/correct/<str:indicator_id>/",
        screenings.correct,
        name="screening_correct",
    ),
    path("cases/<uuid:case_id>/vulnerability/", vulnerability.show_factors, name="vulnerability"),
    path("cases/<uuid:case_id>/vulnerability/new/", vulnerability.write_factor, name="factor_new"),
    path("cases/<uuid:case_id>/vulnerability/<uuid:factor_id>/", vulnerability.write_factor, name="factor_correct"),
    path("access/", access.show_home, name="access"),
    path("access/new/", access.ask, name="access_ask"),
    path("access/emergency/", access.open_in_emergency, name="access_emergency"),
    path("access/requests/<uuid:request_id>/", access.show_request, name="access_request"),
    path("access/requests/<uuid:request_id>/answer/", access.decide, name="access_decide"),
    path("access/reviews/", access.list_reviews, name="access_reviews"),
    path("access/reviews/<uuid:request_id>/", access.review, name="access_review"),
    path("legal-forms/", legal_forms.show_list, name="legal_forms"),
    path("legal-forms/<slug:code>/", legal_forms.edit, name="legal_form"),
]
