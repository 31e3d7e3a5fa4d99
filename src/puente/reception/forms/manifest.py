"""Uploading a list and saying which of its columns holds what."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from puente.offices.models import Office
from puente.offices.selectors import list_points
from puente.reception.forms import choices
from puente.reception.lists import PARTS
from puente.reception.models import Manifest
from puente.reception.services.manifests import LIMITS, ListFacts
from puente.web.forms import DeskForm, SegmentedRadio

WHEN = _("Write day and hour at which the list is expected")


class UploadForm(DeskForm):
    """A file, and what is known of it."""

    file = forms.FileField(
        label=_("List, as CSV or XLSX"),
        help_text=_("One person per row, the names of the columns above. It is checked before anything is loaded."),
        widget=forms.FileInput({"accept": ".csv,.xlsx,text/csv"}),
        error_messages={
            "required": _("Choose the file of the list"), "empty": _("The file is empty. Choose another one"),
        },
    )  # fmt: skip
    sender = forms.CharField(
        label=_("Who sends it"), max_length=40, help_text=_("Always written alike: the columns are remembered for it."),
        error_messages={"required": _("Write who sends the list, such as CBP or ICE")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("They come"), choices=Manifest.Kind.choices, widget=SegmentedRadio,
        error_messages={"required": _("Choose how they come")},
    )  # fmt: skip
    point = forms.ChoiceField(
        label=_("Point"), error_messages={"required": _("Choose the point where the people of the list arrive")}
    )
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": WHEN, "invalid": WHEN},
    )  # fmt: skip
    hour = forms.TimeField(
        label=_("Hour"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": WHEN, "invalid": WHEN},
    )  # fmt: skip

    def __init__(self, *args: Any, office: Office, now: datetime, **kwargs: Any) -> None:
        self.zone = ZoneInfo(office.time_zone)
        here = timezone.localtime(now, self.zone)
        kwargs["initial"] = {"day": here.date(), "hour": here.time().replace(second=0, microsecond=0)}
        super().__init__(*args, **kwargs)
        points = [(point.pk, point.label) for point in list_points(office.pk, here.date())]
        self.fields["point"].choices = [*choices.NOTHING, *points]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Keep a file that is far too large from being read at all."""
        file = self.cleaned_data["file"]
        if file.size > LIMITS.file_bytes:
            raise forms.ValidationError(_("The file is too large for a list. Leave out pictures and other sheets"))
        return file

    def build_facts(self) -> ListFacts:
        """Return what was said of the list."""
        said = self.cleaned_data
        expected_at = datetime.combine(said["day"], said["hour"], self.zone)
        return ListFacts(said["sender"].strip(), Manifest.Kind(said["kind"]), said["point"], expected_at)


class ColumnsForm(DeskForm):
    """Which column holds what; kept for the sender."""

    surnames_first = forms.BooleanField(label=_("Whole names begin with the surnames"), required=False)

    def __init__(self, *args: Any, header: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("in no column")), *((name, name) for name in dict.fromkeys(header) if name)]
        for part, label in PARTS.items():
            self.fields[part] = forms.ChoiceField(label=str(label), choices=offered, required=False)
        self.order_fields([*PARTS, "surnames_first"])

    @property
    def columns(self) -> dict[str, str]:
        """Part of a line → header, of those that were chosen."""
        return {part: self.cleaned_data[part] for part in PARTS if self.cleaned_data[part]}
