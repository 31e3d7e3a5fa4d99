from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.facts import PersonQuery
from puente.engines.identity.names import Certainty, PersonName
from puente.engines.identity.search_line import SearchLine, read_search_line
from puente.offices.models import State
from puente.people.catalogue import state_words
from puente.web.dates import PrecisionDate, PrecisionDateField
from puente.web.forms import DeskForm

LONGEST_LINE = 160


def build_birth(birth: PrecisionDate | None) -> PartialDate | None:
    """Return the engine's date for what a form field holds."""
    if birth is None:
        return None
    return PartialDate.from_parts(birth.year, birth.month, birth.day, estimated=birth.is_estimated)


class LineForm(DeskForm):
    """Who is looked for, in one line and in any order."""

    q = forms.CharField(
        label=_("Who is it?"),
        help_text=_("Surnames, given name, year and state, as the person says them."),
        max_length=LONGEST_LINE,
        required=False,
        strip=False,
        error_messages={"max_length": _("This is too long. Write surnames, given name, year and state")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )

    def read(self) -> SearchLine:
        """Return what was understood."""
        line = self.cleaned_data.get("q", "")
        return read_search_line(line, states=state_words(), this_year=timezone.localdate().year)


class PartsForm(DeskForm):
    """Who is looked for, part by part: how a line that was misunderstood is mended."""

    first_surname = forms.CharField(label=_("First surname"), max_length=60, required=False)
    second_surname = forms.CharField(label=_("Second surname"), max_length=60, required=False)
    given = forms.CharField(label=_("Given names"), max_length=60, required=False)
    birth = PrecisionDateField(label=_("Birth date"), required=False)
    state = forms.ModelChoiceField(
        State.objects.order_by("name"), label=_("State of birth"), required=False, empty_label="—"
    )

    def read(self) -> SearchLine:
        """Return the question; nothing was guessed."""
        said = self.cleaned_data
        query = PersonQuery(
            PersonName(said.get("given", ""), said.get("first_surname", ""), said.get("second_surname", "")),
            build_birth(said.get("birth")),
            said["state"].pk if said.get("state") else None,
        )
        return SearchLine(query, Certainty.STATED)

    @classmethod
    def of_line(cls, line: SearchLine) -> "PartsForm":
        """Return the form filled with what was understood of a line."""
        name, birth = line.query.name, line.query.birth
        return cls(
            initial={
                "first_surname": name.first_surname,
                "second_surname": name.second_surname,
                "given": name.given,
                "birth": PrecisionDate(birth.year, birth.month, birth.day) if birth else None,
                "state": line.query.birth_state,
            }
        )
