"""Who a person is, as the desk writes it down and corrects it."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.engines import curp as curp_engine
from puente.engines.curp import CurpReview, CurpState, DeclaredPerson
from puente.engines.identity.names import PersonName
from puente.offices.models import Municipality, State
from puente.offices.selectors import load_place_index
from puente.people.catalogue import languages
from puente.people.evidence import SEXES
from puente.people.forms.parts import IdentityParts, list_countries
from puente.people.forms.question import build_birth
from puente.people.models import Identity, Person
from puente.people.opening import OpenedPerson
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts
from puente.web.dates import PrecisionDate, PrecisionDateField
from puente.web.forms import DeskForm, RadioList, SegmentedRadio

#: How a CURP writes the sexes that the desk knows.
CURP_SEXES = {Person.Sex.FEMALE: "M", Person.Sex.MALE: "H", Person.Sex.X: "X"}
REASONS = [
    (Identity.Reason.SAID, _("The person says so now")),
    (Identity.Reason.PAPER, _("A paper shows it")),
    (Identity.Reason.SLIP, _("It was written down wrongly")),
    (Identity.Reason.RIGHTS, _("The person asks in writing to have it corrected")),
]
LANGUAGE_KINDS = {
    "world": _("Spanish, English and others"),
    "indigenous": _("Indigenous languages"),
    "sign": _("Sign languages"),
}


class IdentityForm(DeskForm):
    """Who a person is. Nothing but a name or a description is asked for; a CURP never blocks."""

    not_established = forms.BooleanField(
        label=_("Identity not established"),
        help_text=_("The person cannot or will not say who they are. The name may stay empty."),
        required=False,
    )
    description = forms.CharField(
        label=_("How to recognise the person"),
        help_text=_("Looks, clothes, marks, what they carry."),
        max_length=2000, required=False, widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    as_said = forms.CharField(
        label=_("Name as the person says it"), max_length=120, required=False,
        help_text=_("In their own words, also when the papers say otherwise."),
    )  # fmt: skip
    given = forms.CharField(label=_("Given names"), max_length=60, required=False)
    first_surname = forms.CharField(label=_("First surname"), max_length=60, required=False)
    second_surname = forms.CharField(label=_("Second surname"), max_length=60, required=False)
    preferred = forms.CharField(label=_("Wants to be called"), max_length=60, required=False)
    birth = PrecisionDateField(label=_("Birth date"), required=False)
    sex = forms.ChoiceField(
        label=_("Sex"), choices=list(SEXES.items()), initial=Person.Sex.UNKNOWN, required=False, widget=SegmentedRadio
    )
    birth_country = forms.ChoiceField(label=_("Country of birth"), required=False)
    birth_state = forms.ModelChoiceField(
        State.objects.order_by("name"), label=_("State of birth"), required=False, empty_label="—"
    )
    nationality = forms.ChoiceField(label=_("Nationality"), required=False)
    home_state = forms.ModelChoiceField(
        State.objects.order_by("name"), label=_("State of home"), required=False, empty_label="—"
    )
    home_municipality = forms.CharField(
        label=_("Municipality or town of home"), max_length=120, required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language the person speaks best"), required=False)
    other_languages = forms.MultipleChoiceField(
        label=_("Other languages"), required=False, widget=forms.SelectMultiple({"size": 6}),
        help_text=_("Hold Ctrl to choose several."),
    )  # fmt: skip
    needs_interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    mother = forms.CharField(
        label=_("Mother's name"),
        max_length=120,
        required=False,
        help_text=_("A good question to confirm who somebody is."),
    )
    curp = forms.CharField(label=_("CURP"), max_length=40, required=False)
    curp_verified = forms.BooleanField(label=_("Verified outside of this system"), required=False)
    curp_proof = forms.CharField(
        label=_("How it was verified"), max_length=200, required=False,
        help_text=_("For example: “RENAPO, print of 23 November, folio 1234”."),
    )  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=400, required=False, widget=forms.Textarea({"rows": 2}))
    family_contact = forms.CharField(
        label=_("Family to reach"), max_length=400, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("Who, what they are to the person, and how to reach them."),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Why is it corrected?"), choices=REASONS, widget=RadioList,
        error_messages={"required": _("Choose why it is corrected")},
    )  # fmt: skip
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, opened: OpenedPerson | None = None) -> None:
        """`opened` is who is corrected; without it the form can be read but nothing built of it."""
        super().__init__(data, initial=describe(opened) if opened else None)
        self._before = opened.identity if opened else IdentityDocument(PersonName())
        countries = [("", "—"), *list_countries()]
        spoken = _list_languages()
        self.fields["birth_country"].choices = countries  # type: ignore[attr-defined]
        self.fields["nationality"].choices = countries  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", "—"), *spoken]  # type: ignore[attr-defined]
        self.fields["other_languages"].choices = spoken  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        has_name = any(said.get(part) for part in ("given", "first_surname", "second_surname"))
        if not has_name and not said.get("not_established"):
            self.add_error("given", _("Write a given name or a surname, or mark that the identity is not established"))
        if not has_name and said.get("not_established") and not said.get("description"):
            self.add_error("description", _("Describe the person in a few words, so that a colleague recognises them"))
        birth_country = said.get("birth_country")
        if said.get("birth_state") and birth_country not in ("", None, "MX"):
            self.add_error("birth_state", _("The person was born outside of Mexico. Empty the state or choose Mexico"))
        said["municipality"] = self._find_municipality(said)
        self._check_proof(said)
        return said

    def review(self) -> CurpReview:
        """Hold the CURP against what else the form says; it is shown as help and never blocks."""
        return review_curp(self.cleaned_data)

    def build(self, parts: IdentityParts) -> tuple[IdentityDocument, PersonFacts]:
        """Return what a correction writes; what the form does not ask for stays as it was."""
        said = self.cleaned_data
        birth: PrecisionDate | None = said["birth"]
        review = self.review()
        is_verified = said["curp_verified"] and review.curp
        identity = replace(
            self._before,
            name=PersonName(said["given"], said["first_surname"], said["second_surname"], said["preferred"]),
            as_said=said["as_said"],
            aliases=parts.build("aliases"),
            birth_month=birth.month if birth and not birth.is_estimated else None,
            birth_day=birth.day if birth and not birth.is_estimated else None,
            curp=review.curp,
            curp_state=CurpState.VERIFIED.value if is_verified else review.state.value,
            curp_proof=said["curp_proof"] if is_verified else "",
            mother=said["mother"],
            papers=parts.build("papers"),
            phones=parts.build("phones"),
            address=said["address"],
            family_contact=said["family_contact"],
            description=said["description"],
        )
        return identity, self._build_facts(said, birth)

    def _build_facts(self, said: dict[str, Any], birth: PrecisionDate | None) -> PersonFacts:
        municipality: Municipality | None = said["municipality"]
        home_state = municipality.state_id if municipality else (said["home_state"].pk if said["home_state"] else None)
        spoken = [said["language"], *said["other_languages"]]
        return PersonFacts(
            sex=said["sex"] or Person.Sex.UNKNOWN,
            birth_year=birth.year if birth else None,
            birth_precision=birth.precision if birth else Person.BirthPrecision.UNKNOWN,
            birth_state_id=said["birth_state"].pk if said["birth_state"] else None,
            birth_country_id=said["birth_country"] or ("MX" if said["birth_state"] else None),
            nationality_id=said["nationality"] or None,
            home_state_id=home_state,
            home_municipality_id=municipality.pk if municipality else None,
            languages=tuple(dict.fromkeys(code for code in spoken if code)),
            needs_interpreter=said["needs_interpreter"],
        )

    def _find_municipality(self, said: dict[str, Any]) -> Municipality | None:
        """Resolve what was written; homonyms are asked about, never guessed."""
        text = said.get("home_municipality") or ""
        if not text.strip():
            return None
        state = said.get("home_state")
        found = load_place_index().resolve_municipality(text, state.pk if state else None)
        if found.code:
            return Municipality.objects.select_related("state").get(pk=found.code)
        names = Municipality.objects.select_related("state").filter(pk__in=found.candidates)
        message: str | Promise
        if found.kind == "ambiguous":
            message = _("There are several: %(names)s. Choose the state as well") % {
                "names": "; ".join(map(str, names))
            }
        elif names:
            message = _("No municipality is called so. Do you mean %(names)s?") % {"names": "; ".join(map(str, names))}
        else:
            message = _("No municipality is called so. Correct it, or leave it empty and write it in the address")
        self.add_error("home_municipality", message)
        return None

    def _check_proof(self, said: dict[str, Any]) -> None:
        before = self._before
        if not said.get("curp_verified"):
            return
        if not said.get("curp"):
            self.add_error("curp", _("Write the CURP that was verified, or unmark it"))
        elif not said.get("curp_proof"):
            self.add_error("curp_proof", _("Write how and when the CURP was verified"))
        elif curp_engine.clean(said["curp"]) != before.curp and said["curp_proof"] == before.curp_proof:
            self.add_error("curp_proof", _("The CURP changed. Write how the new one was verified"))


def review_curp(said: dict[str, Any]) -> CurpReview:
    """Look at the CURP of a form's cleaned data beside the facts that were said."""
    state = said.get("birth_state")
    abroad = said.get("birth_country") not in ("", None, "MX")
    declared = DeclaredPerson(
        given=said.get("given", ""),
        first_surname=said.get("first_surname", ""),
        second_surname=said.get("second_surname", ""),
        birth=build_birth(said.get("birth")),
        sex=CURP_SEXES.get(said.get("sex", "")),
        birth_state=state.curp_code if state else ("NE" if abroad else None),
    )
    return curp_engine.review(said.get("curp", ""), declared=declared, today=timezone.localdate())


def describe(opened: OpenedPerson) -> dict[str, Any]:
    """Return the form's values for a person as they are known."""
    person, identity = opened.person, opened.identity
    birth = None
    if person.birth_year is not None:
        is_estimated = person.birth_precision == Person.BirthPrecision.ESTIMATED
        birth = PrecisionDate(person.birth_year, identity.birth_month, identity.birth_day, is_estimated)
    name = identity.name
    same = ("as_said", "mother", "curp", "curp_proof", "address", "family_contact", "description")
    return {key: getattr(identity, key) for key in same} | {
        "given": name.given,
        "first_surname": name.first_surname,
        "second_surname": name.second_surname,
        "preferred": name.preferred,
        "not_established": not person.is_identity_established,
        "birth": birth,
        "sex": person.sex,
        "birth_country": person.birth_country_id or "",
        "birth_state": person.birth_state_id,
        "nationality": person.nationality_id or "",
        "home_state": person.home_state_id,
        "home_municipality": person.home_municipality.name if person.home_municipality else "",
        "language": person.languages[0] if person.languages else "",
        "other_languages": person.languages[1:],
        "needs_interpreter": person.needs_interpreter,
        "curp_verified": identity.curp_state == CurpState.VERIFIED,
        "seen_version": person.version,
    }


def _list_languages() -> list[tuple[Any, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {kind: [] for kind in LANGUAGE_KINDS}
    for entry in languages().values():
        groups[entry.columns["kind"]].append((entry.code, entry.label))
    return [(LANGUAGE_KINDS[kind], entries) for kind, entries in groups.items()]
