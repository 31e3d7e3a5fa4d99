from django.urls import path

from puente.opportunities.views import employers, imports, openings, titles

app_name = "opportunities"
urlpatterns = [
    path("", openings.list_openings, name="list"),
    path("new/", openings.write_opening, name="new"),
    path("suggest/", openings.suggest, name="suggest"),
    path("<uuid:opening_id>/", openings.show_opening, name="opening"),
    path("<uuid:opening_id>/edit/", openings.write_opening, name="edit"),
    path("<uuid:opening_id>/standing/", openings.change_standing, name="standing"),
    path("employers/", employers.list_employers, name="employers"),
    path("employers/new/", employers.write_employer, name="new-employer"),
    path("employers/<uuid:employer_id>/", employers.show_employer, name="employer"),
    path("employers/<uuid:employer_id>/edit/", employers.write_employer, name="edit-employer"),
    path("titles/", titles.list_titles, name="titles"),
    path("titles/<uuid:title_id>/", titles.decide, name="title"),
    path("imports/", imports.list_imports, name="imports"),
    path("imports/new/", imports.upload, name="upload"),
    path("imports/<uuid:batch_id>/", imports.show_import, name="import"),
    path("imports/<uuid:batch_id>/columns/", imports.choose_columns, name="import-columns"),
    path("imports/<uuid:batch_id>/progress/", imports.show_progress, name="import-progress"),
    path("imports/<uuid:batch_id>/load/", imports.load, name="import-load"),
    path("imports/<uuid:batch_id>/report.csv", imports.download_report, name="import-report"),
]
