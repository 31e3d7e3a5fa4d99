from typing import Any

from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from puente.accounts.models import User
from puente.accounts.roles import ROLES
from puente.accounts.selectors import has_second_factor
from puente.web.forms import CheckboxList, DeskForm


def _roles_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(key, role.label) for key, role in ROLES.items()],
        widget=CheckboxList,
        error_messages={"required": _("Choose at least one role")},
    )


class RolesForm(DeskForm):
    """The roles of a member of staff in one office."""

    roles = _roles_field()


class InviteForm(DeskForm):
    """A new member of staff."""

    name = forms.CharField(label=_("Name"), max_length=120, error_messages={"required": _("Write the name")})
    email = forms.EmailField(
        label=_("Office e-mail"),
        error_messages={"required": _("Write the e-mail"), "invalid": _("Write an e-mail such as name@office.org")},
    )
    roles = _roles_field()

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody already has this e-mail"))
        return email


class WelcomeForm(DeskForm):
    """The first password of an invited member of staff."""

    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Several words are easy to remember."),
        error_messages={"required": _("Write a password")},
    )
    again = forms.CharField(
        label=_("The same password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Write the password again")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            try:
                validate_password(password, self.user)
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        if password and cleaned.get("again") and password != cleaned["again"]:
            self.add_error("again", _("The two passwords differ"))
        return cleaned


class StepUpForm(DeskForm):
    """The password, and the second factor of an account that has one, before a protected page.

    Wrong answers count with those of signing in: axes closes both for a while.
    """

    step_up_password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": _("Write your password")},
    )
    step_up_code = forms.CharField(
        label=_("Code of your authenticator app"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    step_up_credential = forms.JSONField(required=False, widget=forms.HiddenInput)
    step_up_next = forms.CharField(required=False, widget=forms.HiddenInput)
    step_up_keeps = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101 - the view requires a member of staff
        if "step_up_password" not in cleaned:
            return cleaned
        if authenticate(self.request, email=user.email, password=cleaned["step_up_password"]) is None:
            self.add_error("step_up_password", _("That is not your password. Try again."))
        elif has_second_factor(user) and not self._proves_second_factor(user, cleaned):
            user_login_failed.send(sender=type(self), credentials={"email": user.email}, request=self.request)
            self.add_error(None, _("Write the code that your app shows now, or use your passkey"))
        return cleaned

    def _proves_second_factor(self, user: User, cleaned: dict[str, Any]) -> bool:
        if cleaned.get("step_up_credential"):
            proof = ReauthenticateWebAuthnForm({"credential": self.data["step_up_credential"]}, user=user)
        else:
            proof = ReauthenticateForm({"code": cleaned.get("step_up_code", "")}, user=user)
        try:
            if not proof.is_valid():
                return False
        except (KeyError, TypeError, AttributeError):
            # What a browser sends as a passkey is read without mercy by the library.
            return False
        proof.save()
        return True
