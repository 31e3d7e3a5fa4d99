from django.urls import path

from puente.accounts import views
from puente.accounts.watermark import watermark

urlpatterns = [
    path("lock/", views.lock, name="lock"),
    path("unlock/", views.unlock, name="unlock"),
    path("account/step-up/", views.step_up, name="step-up"),
    path("account/step-up/keep/", views.keep_step_up, name="step-up-keep"),
    path("watermark.svg", watermark, name="watermark"),
    path("staff/", views.staff, name="staff"),
    path("staff/new/", views.invite, name="staff-new"),
    path("staff/<uuid:user_id>/", views.staff_member, name="staff-member"),
    path("staff/<uuid:user_id>/close/", views.close_account, name="staff-close"),
    path("staff/<uuid:user_id>/end-session/", views.end_session, name="staff-end-session"),
    path("staff/<uuid:user_id>/link/", views.new_link, name="staff-link"),
    path("welcome/<str:user_id>/<str:token>/", views.welcome, name="welcome"),
]
