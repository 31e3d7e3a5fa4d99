"""Who a new person is: names, birth, papers, phones. All may be empty but for what a colleague needs to know them."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from puente.engines.places import Resolution
from puente.offices.models import Municipality
from puente.offices.selectors import load_place_index
from puente.people.evidence import SEXES
from puente.people.models import Person
from puente.reception.forms import choices
from puente.web.dates import PrecisionDateField
from puente.web.forms import DeskForm, RadioList, SegmentedRadio

PLACE_UNKNOWN = _("This municipality is not in the catalogue. Correct the name, or leave it empty and choose the state")
PLACE_AMBIGUOUS = _("More than one municipality has this name. Choose which one")
SAFETIES = (
    ("ask", _("Ask first who answers")),
    ("yes", _("Yes, it is safe to call")),
    ("never", _("Never call")),
)
OWNERS = (("self", _("The person")), ("family", _("Family")), ("other", _("Somebody else")))


class IdentityForm(DeskForm):
    """A person who is not in the registry."""

    is_unknown = forms.BooleanField(label=_("The identity could not be established"), required=False)
    description = forms.CharField(
        label=_("How to recognise the person"), required=False, max_length=2000,
        help_text=_("Clothes, marks, what they answer to. Only staff of this office read it."),
    )  # fmt: skip
    first_surname = forms.CharField(label=_("First surname"), required=False, max_length=120)
    second_surname = forms.CharField(label=_("Second surname"), required=False, max_length=120)
    given = forms.CharField(label=_("Given name"), required=False, max_length=120)
    preferred = forms.CharField(label=_("Name they prefer"), required=False, max_length=120)
    birth = PrecisionDateField(label=_("Birth date"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=list(SEXES.items()), required=False, widget=SegmentedRadio)
    nationality = forms.ChoiceField(label=_("Nationality"), required=False)
    birth_country = forms.ChoiceField(label=_("Country of birth"), required=False)
    birth_state = forms.ChoiceField(label=_("State of birth"), required=False)
    home_state = forms.ChoiceField(label=_("State they go to"), required=False)
    home_place = forms.CharField(
        label=_("Municipality they go to"), required=False, max_length=120,
        widget=forms.TextInput(
            {
                "autocomplete": "off", "list": "places", "hx-get": reverse_lazy("reception:places"),
                "hx-trigger": "input changed delay:200ms", "hx-target": "#places", "hx-include": "#id_home_state",
            }
        ),
    )  # fmt: skip
    home_municipality = forms.ChoiceField(label=_("Which municipality?"), required=False, widget=RadioList)
    language = forms.ChoiceField(label=_("Language"), required=False)
    other_language = forms.ChoiceField(label=_("Other language"), required=False)
    needs_interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    curp = forms.CharField(
        label=_("CURP"), required=False, max_length=40, help_text=_("As it is on the paper, or nothing."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    mother = forms.CharField(label=_("Mother's name"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (
            ("nationality", choices.list_countries()),
            ("birth_country", choices.list_countries()),
            ("birth_state", choices.list_states()),
            ("home_state", choices.list_states()),
            ("language", choices.list_languages()),
            ("other_language", choices.list_languages()),
        ):
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        # Homonyms are offered only once somebody wrote one of them; any code may come back.
        self.homonyms: list[Municipality] = []
        sent = self.data.get(self.add_prefix("home_municipality"), "")
        self._offer(Municipality.objects.filter(pk=sent).select_related("state"))

    def clean(self) -> dict[str, Any]:
        """Resolve the place of home: one municipality, or the question which of its namesakes."""
        cleaned = super().clean() or {}
        text = cleaned.get("home_place", "").strip()
        if not text:
            cleaned["home_municipality"] = ""
            return cleaned
        found = load_place_index().resolve_municipality(text, cleaned.get("home_state") or None)
        chosen = cleaned.get("home_municipality")
        if found.kind == "resolved" and found.code:
            cleaned["home_municipality"] = found.code
        elif not chosen or chosen not in found.candidates:
            self._ask_which(found)
        return cleaned

    def to_payload(self) -> dict[str, Any]:
        """Return the `identity` part of the payload."""
        said = self.cleaned_data
        birth = said["birth"]
        return {
            "is_established": not said["is_unknown"],
            "name": {name: said[name] for name in ("given", "first_surname", "second_surname", "preferred")},
            "birth": birth
            and {"year": birth.year, "month": birth.month, "day": birth.day, "is_estimated": birth.is_estimated},
            "sex": said["sex"] or Person.Sex.UNKNOWN,
            "nationality": said["nationality"],
            "birth_country": said["birth_country"],
            "birth_state": said["birth_state"],
            "home_state": said["home_state"] or said["home_municipality"][:2],
            "home_municipality": said["home_municipality"],
            "languages": [code for code in dict.fromkeys((said["language"], said["other_language"])) if code],
            "needs_interpreter": said["needs_interpreter"],
            "curp": said["curp"],
            "mother": said["mother"],
            "description": said["description"],
        }

    def _ask_which(self, found: Resolution) -> None:
        candidates = Municipality.objects.filter(pk__in=found.candidates).select_related("state")
        if found.kind == "ambiguous":
            self._offer(candidates)
            self.add_error("home_municipality", PLACE_AMBIGUOUS)
        else:
            self.add_error("home_place", PLACE_UNKNOWN)

    def _offer(self, candidates: Any) -> None:
        self.homonyms = list(candidates)
        self.fields["home_municipality"].choices = [(place.pk, str(place)) for place in self.homonyms]  # type: ignore[attr-defined]


class PaperForm(DeskForm):
    """One paper of any country."""

    kind = forms.ChoiceField(label=_("Paper"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    number = forms.CharField(label=_("Number"), required=False, max_length=120)
    was_shown = forms.BooleanField(label=_("It was shown"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = choices.list_papers()  # type: ignore[attr-defined]
        self.fields["country"].choices = choices.list_countries()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A number belongs to a paper."""
        cleaned = super().clean() or {}
        if cleaned.get("number") and not cleaned.get("kind"):
            self.add_error("kind", _("Choose which paper the number belongs to"))
        return cleaned

    def to_payload(self) -> dict[str, Any] | None:
        """Return the paper, or None where nothing was written."""
        said = self.cleaned_data
        if not said.get("kind"):
            return None
        state = "shown" if said["was_shown"] else "declared"
        return {"kind": said["kind"], "country": said["country"], "number": said["number"], "state": state}


class PhoneForm(DeskForm):
    """One phone, and whether calling it may put somebody in danger."""

    number = forms.RegexField(
        r"^[0-9+() .\-]{4,30}$", label=_("Phone"), required=False,
        error_messages={"invalid": _("Write the phone with figures alone, such as 656 123 4567")},
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    owner = forms.ChoiceField(label=_("Whose it is"), choices=OWNERS, required=False)
    safety = forms.ChoiceField(label=_("Is it safe to call?"), choices=SAFETIES, required=False)
    instructions = forms.CharField(label=_("What to mind when calling"), required=False, max_length=120)

    def to_payload(self) -> dict[str, Any] | None:
        """Return the phone, or None where nothing was written."""
        said = self.cleaned_data
        if not said.get("number"):
            return None
        return {
            "number": said["number"],
            "owner": said["owner"] or "self",
            "safety": said["safety"] or "ask",
            "instructions": said["instructions"],
        }


PaperForms = forms.formset_factory(PaperForm, extra=2, max_num=6, absolute_max=10)
PhoneForms = forms.formset_factory(PhoneForm, extra=1, max_num=4, absolute_max=10)
