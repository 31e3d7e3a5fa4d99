"""The form that corrects one form of exploitation in the list of the law."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puente.protection.models import LegalForm
from puente.web.forms import DeskForm

TOO_LONG = {"required": _("Write it"), "max_length": _("Shorten it")}


class LegalFormForm(DeskForm):
    """The words of a form in each language, where the law says it, and whether somebody compared it."""

    label_es = forms.CharField(label=_("In Spanish"), max_length=200, error_messages=TOO_LONG)
    label_en = forms.CharField(label=_("In English"), max_length=200, error_messages=TOO_LONG)
    label_fr = forms.CharField(label=_("In French"), max_length=200, error_messages=TOO_LONG)
    reference = forms.CharField(label=_("Law and article"), max_length=120, error_messages=TOO_LONG)
    is_verified = forms.BooleanField(label=_("I compared it with the law in force"), required=False)
    is_offered = forms.BooleanField(label=_("Screenings offer it"), required=False)

    def __init__(self, form: LegalForm, data: Any = None) -> None:
        names = ("label_es", "label_en", "label_fr", "reference", "is_verified", "is_offered")
        super().__init__(data, initial={name: getattr(form, name) for name in names})

    @property
    def labels(self) -> dict[str, str]:
        """The words of a valid form by language."""
        return {language: self.cleaned_data[f"label_{language}"] for language in ("es", "en", "fr")}
