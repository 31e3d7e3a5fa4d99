from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puente.people.catalogue import consent_capacities, consent_means
from puente.people.models import ConsentDecision, ConsentText
from puente.web.forms import DeskForm, RadioList, SegmentedRadio

LANGUAGES = [("es", "Español"), ("en", "English"), ("fr", "Français")]
GIVEN, REFUSED, WITHDRAWN = ConsentDecision.Decision.values


class ConsentForm(DeskForm):
    """What a person decides today, purpose by purpose; what is not asked today stays as it was."""

    means = forms.ChoiceField(
        label=_("How does the person say it?"), widget=RadioList,
        error_messages={"required": _("Choose how the person gave the consent")},
    )  # fmt: skip
    capacity = forms.ChoiceField(label=_("Who decides?"), widget=RadioList, initial="self")
    witness = forms.CharField(
        label=_("Who heard it?"), help_text=_("Name of the witness, when it is said by word of mouth."),
        max_length=120, required=False,
    )  # fmt: skip
    has_interpreter = forms.BooleanField(label=_("An interpreter helped"), required=False)

    def __init__(self, *args: Any, texts: list[ConsentText], latest: dict[str, ConsentDecision], **kwargs: Any) -> None:
        """texts: the words of each purpose. latest: the decision in force, by purpose."""
        super().__init__(*args, **kwargs)
        self.fields["means"].choices = [  # type: ignore[attr-defined]
            (entry.code, entry.label) for entry in consent_means().values()
        ]
        self.fields["capacity"].choices = [  # type: ignore[attr-defined]
            (entry.code, entry.label) for entry in consent_capacities().values()
        ]
        self._purposes = [text.purpose for text in texts]
        for text in texts:
            decision = latest.get(text.purpose)
            self.fields[f"decision_{text.purpose}"] = forms.ChoiceField(
                label=text.label,
                choices=_offer(decision.decision if decision else ""),
                required=False,
                initial="",
                widget=SegmentedRadio,
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not any(said.get(f"decision_{purpose}") for purpose in self._purposes):
            raise forms.ValidationError(_("Mark at least one decision, or leave the page as it is"))
        entry = consent_means().get(said.get("means", ""))
        if entry and entry.says("needs_witness") and not said.get("witness"):
            self.add_error("witness", _("Write who heard the person say it"))
        return said

    @property
    def decisions(self) -> dict[str, str]:
        """What was decided today: purpose → given, refused or withdrawn."""
        marked = {purpose: self.cleaned_data.get(f"decision_{purpose}", "") for purpose in self._purposes}
        return {purpose: decision for purpose, decision in marked.items() if decision}


def _offer(decision: str) -> list[tuple[str, Any]]:
    """A consent that was given can be withdrawn; any other can be given or refused."""
    stays = ("", _("Not asked today"))
    if decision == GIVEN:
        return [("", _("Stays given")), (WITHDRAWN, _("Takes it back"))]
    return [(GIVEN, _("Yes")), (REFUSED, _("No")), stays]
