"""The forms of attachments, of who is in charge, and of closing a case."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from puente.accounts.models import User
from puente.protection.case_wording import CLOSURE_REASONS, COMPARTMENTS
from puente.protection.forms.fields import ask_choice, ask_words
from puente.protection.sealed import Compartment
from puente.protection.selectors.officers import InCharge
from puente.protection.services.attachments import LIMITS
from puente.protection.services.closures import ClosureReason
from puente.web.forms import DeskForm, RadioList, SegmentedRadio

#: The answer "both go on" of a form that hands a case over.
NOBODY = "nobody"
MEBIBYTE = 2**20


class AttachForm(DeskForm):
    """A picture of a paper."""

    file = forms.FileField(
        label=_("Picture of the paper"),
        help_text=_("JPEG, PNG or WebP. It is written anew: where and with what it was taken is left out."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": _("Choose the picture"), "empty": _("The file is empty. Choose another one"),
        },
    )  # fmt: skip
    title = ask_words(_("What it shows"), required=_("Write what the picture shows"), rows=1)
    compartment = ask_choice(_("Who may open it"), (), _("Choose where the paper lies"), widget=RadioList)

    def __init__(self, *args: Any, compartments: Iterable[Compartment], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["compartment"].choices = [(one, COMPARTMENTS[one]) for one in compartments]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > LIMITS.file_bytes:
            most = LIMITS.file_bytes // MEBIBYTE
            raise forms.ValidationError(_("The picture is larger than %(most)s MB. Make it smaller") % {"most": most})
        return file


class AssignForm(DeskForm):
    """Who is in charge from now on, and whose charge ends."""

    officer = ask_choice(_("In charge from now on"), (), _("Choose who is in charge from now on"), widget=RadioList)
    ending = ask_choice(_("Whose charge ends"), (), _("Choose whose charge ends"), widget=RadioList, initial=NOBODY)

    def __init__(self, *args: Any, officers: Iterable[User], in_charge: Iterable[InCharge], **options: Any) -> None:
        super().__init__(*args, **options)
        passing = [(str(one.user_id), one.name) for one in in_charge]
        self.fields["officer"].choices = [(str(one.pk), one.name) for one in officers]  # type: ignore[attr-defined]
        self.fields["ending"].choices = [(NOBODY, _("Nobody’s: they go on together")), *passing]  # type: ignore[attr-defined]

    def build(self) -> tuple[UUID, UUID | None]:
        """Return who is in charge from now on, and whose charge ends."""
        ending = self.cleaned_data["ending"]
        return UUID(self.cleaned_data["officer"]), None if ending == NOBODY else UUID(ending)


class ClosureForm(DeskForm):
    """Why a case ends, for the person who decides."""

    reason = forms.TypedChoiceField(
        label=_("Why the case ends"), choices=list(CLOSURE_REASONS.items()), coerce=ClosureReason, widget=RadioList,
        error_messages={"required": _("Choose why the case ends")},
    )  # fmt: skip
    words = ask_words(
        _("In words"), required=_("Write what the other person needs to decide"),
        help_text=_("Who decides reads this and does not see the case. Do not write the name of the person."),
    )  # fmt: skip


class DecideForm(DeskForm):
    """Whether a case may be closed."""

    verdict = ask_choice(
        _("May the case be closed?"), [("close", _("Close it")), ("back", _("Send it back"))],
        _("Choose whether the case may be closed"), widget=SegmentedRadio,
    )  # fmt: skip
    words = ask_words(_("In words"), help_text=_("Needed where you send it back."))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("verdict") == "back" and not said.get("words"):
            self.add_error("words", _("Write what is still to be done"))
        return said


class ReopenForm(DeskForm):
    """Why a closed case is opened again."""

    words = ask_words(_("Why"), required=_("Write why the case is opened again"))
