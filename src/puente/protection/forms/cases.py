"""The forms of the list of cases and of opening one."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from puente.platform.policy import Purpose
from puente.web.forms import DeskForm


class PurposeForm(DeskForm):
    """For what a case is opened: one of the purposes that the reader may open it for, each a button."""

    #: No field of another form has this name, so that the answer may travel with what somebody wrote.
    FIELD: ClassVar[str] = "opening_purpose"

    opening_purpose = forms.ChoiceField(
        error_messages={"required": _("Choose what you open the case for"),
                        "invalid_choice": _("Choose one of the purposes below")},
    )  # fmt: skip

    def __init__(self, *args: Any, purposes: Sequence[Purpose], **options: Any) -> None:
        super().__init__(*args, **options)
        self.purposes = tuple(purposes)
        self.fields[self.FIELD].choices = [(purpose, purpose) for purpose in purposes]  # type: ignore[attr-defined]

    @classmethod
    def is_sent(cls, request: HttpRequest) -> bool:
        """Tell whether a request brings an answer."""
        return request.method == "POST" and cls.FIELD in request.POST

    @property
    def purpose(self) -> Purpose:
        """What was chosen."""
        return Purpose(self.cleaned_data[self.FIELD])
