from django.urls import path

from puente.counselling.views import followups, home, introductions, phone, profiles, sheets, shortlists

app_name = "counselling"
urlpatterns = [
    path("", home.show_home, name="home"),
    path("people/<uuid:person_id>/", profiles.show_profile, name="profile"),
    path("people/<uuid:person_id>/jobs/", profiles.edit_jobs, name="jobs"),
    path("people/<uuid:person_id>/jobs/suggest/", profiles.suggest_job, name="suggest_job"),
    path("people/<uuid:person_id>/jobs/correct/", profiles.correct_jobs, name="correct_jobs"),
    path("people/<uuid:person_id>/profile/<slug:section>/", profiles.edit_section, name="section"),
    path("people/<uuid:person_id>/openings/", shortlists.show_shortlist, name="shortlist"),
    path("people/<uuid:person_id>/openings/make/", shortlists.make, name="make_shortlist"),
    path("people/<uuid:person_id>/openings/choose/", shortlists.choose, name="choose"),
    path("people/<uuid:person_id>/openings/none/", shortlists.choose_none, name="choose_none"),
    path("people/<uuid:person_id>/openings/hidden/<slug:rule>/<int:detail>/", shortlists.show_hidden, name="hidden"),
    path("people/<uuid:person_id>/openings/<uuid:opening_id>/not-so/", shortlists.doubt, name="doubt"),
    path("people/<uuid:person_id>/openings/correct/<slug:answer>/", shortlists.correct, name="correct"),
    path("people/<uuid:person_id>/openings/<uuid:opening_id>/introduce/", introductions.introduce, name="introduce"),
    path(
        "people/<uuid:person_id>/openings/<uuid:opening_id>/consent/", introductions.take_consent, name="take_consent"
    ),
    path("people/<uuid:person_id>/sheet/", sheets.make, name="make_sheet"),
    path("people/<uuid:person_id>/sheet.pdf", sheets.show, name="print_sheet"),
    path("introductions/", introductions.show_introductions, name="introductions"),
    path("introductions/<uuid:introduction_id>/", introductions.show_introduction, name="introduction"),
    path("introductions/<uuid:introduction_id>/letter.pdf", introductions.print_introduction, name="letter"),
    path("follow-ups/", followups.show_due, name="follow_ups"),
    path("follow-ups/<uuid:follow_up_id>/", followups.ask, name="follow_up"),
    path("o/<slug:code>/", phone.show_phone_page, name="phone"),
]
