"""The ways in, all of them: password and second factor, or a passkey. Whatever else the library offers is closed.

There is no sign-up, no code by e-mail and no reset by e-mail: an administrator hands a link over in person.
"""

from allauth.account import views as account
from django.urls import include, path

from puente.accounts.views import not_here

#: The library names these addresses in its own pages.
CLOSED = {
    "signup/": "account_signup",
    "email/": "account_email",
    "confirm-email/": "account_email_verification_sent",
    "password/set/": "account_set_password",
    "password/reset/": "account_reset_password",
    "login/code/confirm/": "account_confirm_login_code",
}

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    *(path(address, not_here, name=name) for address, name in CLOSED.items()),
]
