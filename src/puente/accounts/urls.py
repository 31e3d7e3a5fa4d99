from django.urls import path

from puente.accounts import views

urlpatterns = [
    path("lock/", views.lock, name="lock"),
    path("unlock/", views.unlock, name="unlock"),
    path("staff/", views.staff, name="staff"),
    path("staff/new/", views.invite, name="staff-new"),
    path("staff/<uuid:user_id>/", views.staff_member, name="staff-member"),
    path("staff/<uuid:user_id>/close/", views.close_account, name="staff-close"),
    path("welcome/<str:user_id>/<str:token>/", views.welcome, name="welcome"),
]
