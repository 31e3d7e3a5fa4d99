from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from puente.opportunities.forms.places import PlacedForm, describe_place
from puente.opportunities.models import Employer
from puente.opportunities.services.employers import EmployerFacts
from puente.web.forms import DeskForm, RadioList


class EmployerForm(PlacedForm):
    """What a business says of itself."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=160,
        error_messages={"required": gettext_lazy("Write the name of the employer")},
    )  # fmt: skip
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    contact_name = forms.CharField(label=gettext_lazy("Who answers there"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False,
        error_messages={"invalid": gettext_lazy("Write the e-mail as name@example.mx")},
    )  # fmt: skip

    def __init__(self, *args: Any, employer: Employer | None = None, **kwargs: Any) -> None:
        if employer is not None:
            place = describe_place(employer.municipality, (employer.municipality_id or "")[:2])
            names = ("name", "address", "contact_name", "phone", "email")
            kwargs["initial"] = {name: getattr(employer, name) for name in names} | place
        super().__init__(*args, **kwargs)

    def to_facts(self) -> EmployerFacts:
        """Return what a valid form says."""
        said = self.cleaned_data
        return EmployerFacts(
            name=said["name"], municipality_id=said["municipality"], address=said["address"],
            contact_name=said["contact_name"], phone=said["phone"], email=said["email"],
        )  # fmt: skip


class EmployerNoteForm(DeskForm):
    """What the office learned of an employer."""

    trust = forms.ChoiceField(
        label=gettext_lazy("How far do you trust it?"),
        choices=Employer.Trust.choices,
        widget=RadioList(
            hints={
                "checked": gettext_lazy("Visited, or known through somebody who works there."),
                "caution": gettext_lazy("Tell the person what to ask before accepting."),
                "avoid": gettext_lazy("Its openings leave every shortlist at once."),
            }
        ),
        error_messages={"required": gettext_lazy("Choose how far you trust it")},
    )
    text = forms.CharField(
        label=gettext_lazy("What do you know, and from whom?"),
        help_text=gettext_lazy("Write nothing about a returned person here."),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": gettext_lazy("Write what you know")},
    )
