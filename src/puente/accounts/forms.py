from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from puente.accounts.models import User
from puente.accounts.roles import ROLES
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
