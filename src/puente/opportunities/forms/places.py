"""A municipality as people write it: found with its state, never guessed among homonyms."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puente.offices.models import Municipality, State
from puente.offices.selectors import load_place_index
from puente.web.forms import DeskForm

MOST_NAMED = 4
#: The INEGI code, alone or behind the name: what tells namesakes of one state apart.
_CODE = re.compile(r"(?:^|\()(\d{5})\)?$")


class PlacedForm(DeskForm):
    """A form with a state and a municipality; cleans to `state` (a code) and `municipality` (a code or None)."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    municipality = forms.CharField(
        label=gettext_lazy("Municipality"),
        help_text=gettext_lazy("Name of the municipality, its seat or a larger town."),
        required=False,
        max_length=120,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = State.objects.values_list("code", "name")
        state: Any = self.fields["state"]
        state.choices = [("", "—"), *states]

    def clean_municipality(self) -> str | None:
        """Resolve the name; what is ambiguous or unknown is told with the municipalities that were meant perhaps."""
        text = self.cleaned_data["municipality"].strip()
        if not text:
            return None
        if (code := _CODE.search(text)) and Municipality.objects.filter(pk=code[1]).exists():
            return code[1]
        found = load_place_index().resolve_municipality(text, self.cleaned_data.get("state") or None)
        if found.code:
            return found.code
        candidates = Municipality.objects.select_related("state").filter(pk__in=found.candidates)
        names = [f"{place} ({place.pk})" for place in candidates]
        if found.kind == "ambiguous" and not self.cleaned_data.get("state"):
            raise forms.ValidationError(
                _("There are %(number)s municipalities “%(text)s”. Choose the state.")
                % {"number": len(names), "text": text}
            )
        if found.reason == "state_contradicted":
            raise forms.ValidationError(_("This municipality lies in another state. Choose one of the two."))
        if names:
            raise forms.ValidationError(
                _("“%(text)s” alone does not tell which municipality it is. Write one of these: %(names)s")
                % {"text": text, "names": "; ".join(names[:MOST_NAMED])}
            )
        raise forms.ValidationError(
            _("No municipality is called “%(text)s”. Check the name and the state.") % {"text": text}
        )


def describe_place(municipality: Municipality | None, state_id: str | None) -> dict[str, str]:
    """Return the initial values of the two fields."""
    if municipality is None:
        return {"state": state_id or "", "municipality": ""}
    namesakes = Municipality.objects.filter(state=municipality.state_id, name=municipality.name).count()
    name = f"{municipality.name} ({municipality.pk})" if namesakes > 1 else municipality.name
    return {"state": municipality.state_id, "municipality": name}
