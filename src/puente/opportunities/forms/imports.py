from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puente.opportunities.imports.mapping import FIELDS, REQUIRED, WAGE_PERIODS, Mapping, Options
from puente.opportunities.imports.reading import LIMITS, read_openings_file
from puente.opportunities.models import ImportSource, Opening
from puente.platform.uploads import Table, UnreadableFile
from puente.web.forms import DeskForm, RadioList

NEW = "new"


class UploadForm(DeskForm):
    """The file and where it comes from."""

    file = forms.FileField(
        label=gettext_lazy("File with the offers"),
        help_text=gettext_lazy("CSV, CSV packed with gzip, or XLSX; its first row names the columns."),
        error_messages={
            "required": gettext_lazy("Choose the file with the offers"),
            "empty": gettext_lazy("The file has no rows. Save it again with its rows and its column names."),
        },
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Where does it come from?"), widget=RadioList,
        error_messages={"required": gettext_lazy("Choose where the file comes from")},
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Name of the new source"), max_length=120, required=False,
        help_text=gettext_lazy("For example: Bolsa municipal de Uruapan."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(found.pk), found.name) for found in ImportSource.objects.all()]
        source: Any = self.fields["source"]
        source.choices = [*known, (NEW, _("A new source"))]
        self.content = b""
        self.table: Table | None = None

    def clean_file(self) -> Any:
        """Read the file, in a process of its own and under limits."""
        file = self.cleaned_data["file"]
        if file.size > LIMITS.file_bytes:
            raise forms.ValidationError(_("The file is too large. Divide it into smaller files."))
        self.content = file.read()
        try:
            self.table = read_openings_file(self.content)
        except UnreadableFile as problem:
            raise forms.ValidationError(str(problem.message)) from None
        return file

    def clean(self) -> dict[str, Any]:
        """A new source needs a name."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("source") == NEW and not said.get("name", "").strip():
            self.add_error("name", _("Write the name of the new source"))
        return said


class MappingForm(DeskForm):
    """Which column says what, and what the cells mean."""

    wage_period = forms.ChoiceField(label=gettext_lazy("The wage is paid"), choices=list(WAGE_PERIODS.items()))
    kind = forms.ChoiceField(label=gettext_lazy("A row that does not say it is a"), choices=Opening.Kind.choices)
    open_until = forms.DateField(
        label=gettext_lazy("Treat as open until"), required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("For offers that name no last day. Also for examples of another year."),
    )  # fmt: skip
    open_days = forms.IntegerField(
        label=gettext_lazy("Or: days after the date of the offer"), required=False, min_value=1, max_value=3650
    )
    open_days_from_import = forms.IntegerField(
        label=gettext_lazy("Or: days after the import"), required=False, min_value=1, max_value=3650
    )
    is_full_list = forms.BooleanField(
        label=gettext_lazy("The file is the full list of its source"),
        help_text=gettext_lazy("Offers that it no longer has are closed."),
        required=False,
    )

    def __init__(self, *args: Any, header: tuple[str, ...], mapping: Mapping, **kwargs: Any) -> None:
        options = mapping.options
        initial = {name: getattr(options, name) for name in Options.__dataclass_fields__}
        kept = {name: column for name, column in mapping.columns.items() if column in header}
        kwargs["initial"] = initial | {f"column_{name}": column for name, column in kept.items()}
        super().__init__(*args, **kwargs)
        columns = [("", "—"), *((column, column) for column in dict.fromkeys(header) if column)]
        for name, label in FIELDS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=str(label), choices=columns, required=name in REQUIRED,
                error_messages={"required": _("Choose the column that holds the job title.")},
            )  # fmt: skip

    def columns(self) -> list[forms.BoundField]:
        """Return the fields for the columns, in order."""
        return [self[f"column_{name}"] for name in FIELDS]

    def clean(self) -> dict[str, Any]:
        """Only one rule for the last day can hold."""
        said: dict[str, Any] = super().clean() or {}
        rules = [name for name in ("open_until", "open_days", "open_days_from_import") if said.get(name)]
        if len(rules) > 1:
            self.add_error(rules[1], _("Fill in only one of the three rules for the last day."))
        return said

    def to_mapping(self) -> Mapping:
        """Return what a valid form says."""
        said = self.cleaned_data
        columns = {name: said[f"column_{name}"] for name in FIELDS if said[f"column_{name}"]}
        return Mapping(columns, Options(**{name: said[name] for name in Options.__dataclass_fields__}))
