from django import forms
from django.utils.translation import gettext_lazy as _

from puente.web.forms import DeskForm


class ServiceForm(DeskForm):
    """What an office keeps up to date of a service: where, when, phone and free places."""

    where = forms.CharField(label=_("Where"), max_length=200, error_messages={"required": _("Write where it is")})
    hours = forms.CharField(
        label=_("Opening hours"),
        max_length=120,
        error_messages={"required": _("Write when it is open, or “to be confirmed”")},
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    free_places = forms.IntegerField(
        label=_("Free places"), required=False, min_value=0, max_value=99_999,
        help_text=_("Leave it empty where nobody counts places."),
        error_messages={"invalid": _("Write a whole number of places"), "min_value": _("Write 0 or more places")},
    )  # fmt: skip
    is_verified = forms.BooleanField(label=_("I have confirmed this with the partner"), required=False)
