"""What a person may have several of: other names, papers, phones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from puente.engines.identity.names import PersonName
from puente.offices.models import Country
from puente.people.catalogue import document_types
from puente.people.panels import OWNERS
from puente.people.sealed import IdentityDocument, PaperDocument, Phone
from puente.web.forms import DeskForm, SegmentedRadio

SAFETIES = [("yes", _("Yes")), ("ask", _("Ask first")), ("never", _("Never"))]
PAPER_STATES = [("shown", _("Shown")), ("declared", _("Only spoken of"))]


def list_countries() -> list[tuple[str, str]]:
    """Return the countries in the reader's language, Mexico and its southern neighbours first."""
    near = ("MX", "GT", "HN", "SV", "US")
    found = {country.pk: str(country) for country in Country.objects.all()}
    rest = sorted((code for code in found if code not in near), key=lambda code: found[code])
    return [(code, found[code]) for code in (*near, *rest) if code in found]


class AliasForm(DeskForm):
    """Another name by which the person is known."""

    given = forms.CharField(label=_("Given names"), max_length=60, required=False)
    first_surname = forms.CharField(label=_("First surname"), max_length=60, required=False)
    second_surname = forms.CharField(label=_("Second surname"), max_length=60, required=False)

    def build(self) -> PersonName:
        """Return the name."""
        said = self.cleaned_data
        return PersonName(said["given"], said["first_surname"], said["second_surname"])


class PaperForm(DeskForm):
    """A paper of any country."""

    kind = forms.ChoiceField(
        label=_("Paper"), error_messages={"required": _("Choose what kind of paper it is, or empty the row")}
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=_("Was it shown?"), choices=PAPER_STATES, initial="declared", required=False, widget=SegmentedRadio
    )

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(entry.code, entry.label) for entry in document_types().values()]
        self.fields["kind"].choices = [("", "—"), *kinds]  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", _("as the paper says")), *countries]  # type: ignore[attr-defined]

    def build(self) -> PaperDocument:
        """Return the paper; its country is that of its kind where nothing else is said."""
        said = self.cleaned_data
        country = said["country"] or document_types()[said["kind"]].columns["country"]
        return PaperDocument(said["kind"], country, said["number"], said["state"] or "declared")


class PhoneForm(DeskForm):
    """A phone number, whose it is, and whether calling it is safe."""

    number = forms.RegexField(
        r"^[0-9+() .\-]{4,30}$",
        label=_("Phone"),
        error_messages={
            "required": _("Write the number, or empty the row"),
            "invalid": _("Write the number with figures alone, like 656 123 4567"),
        },
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    owner = forms.ChoiceField(label=_("Whose is it?"), choices=list(OWNERS.items()), initial="self", required=False)
    safety = forms.ChoiceField(
        label=_("Safe to call?"), choices=SAFETIES, initial="ask", required=False, widget=SegmentedRadio
    )
    instructions = forms.CharField(
        label=_("What to know before calling"),
        help_text=_("Hours, with whom to leave word, what not to say."),
        max_length=200,
        required=False,
    )

    def build(self) -> Phone:
        """Return the phone."""
        said = self.cleaned_data
        return Phone(said["number"], said["owner"] or "self", said["safety"] or "ask", said["instructions"])


FORMS: dict[str, type[DeskForm]] = {"aliases": AliasForm, "papers": PaperForm, "phones": PhoneForm}
#: What must be filled for a row to count, and what stands in a free row.
DECISIVE = {
    "aliases": ("given", "first_surname", "second_surname"),
    "papers": ("kind", "number"),
    "phones": ("number", "instructions"),
}
UNTOUCHED = {"state": "declared", "safety": "ask", "owner": "self"}


class IdentityParts:
    """The three lists of rows below an identity form. A row emptied is a row removed."""

    def __init__(self, data: QueryDict | None = None, identity: IdentityDocument | None = None) -> None:
        countries = list_countries()
        self.formsets: dict[str, BaseFormSet[Any]] = {}
        for name, form in FORMS.items():
            factory = formset_factory(form, extra=1, absolute_max=20, max_num=20)
            options: dict[str, Any] = {"prefix": name}
            if form is PaperForm:
                options["form_kwargs"] = {"countries": countries}
            initial = [_describe(part) for part in getattr(identity, name)] if identity else None
            self.formsets[name] = factory(_without_empty(data, name) if data else None, initial=initial, **options)

    def __getitem__(self, name: str) -> BaseFormSet[Any]:
        return self.formsets[name]

    def is_valid(self) -> bool:
        """Tell whether every row can be kept."""
        valid = [formset.is_valid() for formset in self.formsets.values()]
        return all(valid)

    @property
    def forms(self) -> list[DeskForm]:
        """Every row, for the error summary."""
        return [form for formset in self.formsets.values() for form in formset.forms]

    def build(self, name: str) -> tuple[Any, ...]:
        """Return the filled rows of a list, as the sealed document keeps them."""
        return tuple(form.build() for form in self.formsets[name].forms if form.has_changed())


def _describe(part: Any) -> dict[str, Any]:
    return {name: getattr(part, name) for name in type(part).__dataclass_fields__}


def _without_empty(data: QueryDict, prefix: str) -> QueryDict:
    """Return the posted rows without those that hold nothing, numbered anew, and one free row."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "0")
    rows = []
    for number in range(min(int(total) if total.isdecimal() else 0, 20)):
        start = f"{prefix}-{number}-"
        row = {key.removeprefix(start): value for key, value in data.items() if key.startswith(start)}
        if any(str(row.get(name, "")).strip() for name in DECISIVE[prefix]):
            rows.append(row)
    kept = QueryDict(mutable=True)
    kept.update({f"{prefix}-TOTAL_FORMS": str(len(rows) + 1), f"{prefix}-INITIAL_FORMS": "0"})
    for number, row in enumerate(rows):
        kept.update({f"{prefix}-{number}-{key}": str(value) for key, value in row.items()})
    kept.update({f"{prefix}-{len(rows)}-{key}": value for key, value in UNTOUCHED.items()})
    return kept
