from django.urls import path

from puente.rights.views import requests, retention

app_name = "rights"
urlpatterns = [
    path("", requests.show_list, name="list"),
    path("person/<uuid:person_id>/", requests.show_person, name="person"),
    path("person/<uuid:person_id>/new/", requests.receive, name="receive"),
    path("<uuid:request_id>/", requests.show_request, name="request"),
    path("<uuid:request_id>/extend/", requests.extend, name="extend"),
    path("<uuid:request_id>/decide/", requests.decide, name="decide"),
    path("<uuid:request_id>/withdraw/", requests.withdraw, name="withdraw"),
    path("<uuid:request_id>/copy/", requests.make_copy, name="copy"),
    path("<uuid:request_id>/carry-out/", requests.carry_out, name="carry-out"),
    path("<uuid:request_id>/erase/", requests.erase, name="erase"),
    path("keeping/", retention.show_rules, name="retention"),
    path("keeping/rules/<slug:code>/", retention.edit_rule, name="rule"),
    path("keeping/terms/<slug:code>/", retention.edit_deadline, name="deadline"),
    path("keeping/holidays/", retention.add_holiday, name="add-holiday"),
    path("keeping/holidays/<str:day>/remove/", retention.remove_holiday, name="remove-holiday"),
    path("keeping/<slug:office_code>/count/", retention.count_again, name="count"),
    path("keeping/<slug:office_code>/propose/<slug:code>/", retention.propose, name="propose"),
    path("keeping/runs/<uuid:run_id>/", retention.show_run, name="run"),
    path("keeping/runs/<uuid:run_id>/carry-out/", retention.carry_out, name="carry-out-run"),
    path("keeping/runs/<uuid:run_id>/drop/", retention.drop, name="drop-run"),
]
