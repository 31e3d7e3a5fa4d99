from django import forms
from django.utils.translation import gettext_lazy as _

from puente.people.models import TravelGroupMember
from puente.people.panels import RELATIONS
from puente.web.forms import DeskForm

_OFFERED = [relation for relation in TravelGroupMember.Relation.values if relation != TravelGroupMember.Relation.FIRST]


class MemberForm(DeskForm):
    """Somebody who travels along, and what they are to the first person of the group."""

    person = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose a person from the list"), "invalid": _("Choose a person from the list")},
    )
    relation = forms.ChoiceField(
        label=_("What are they to the first person of the group?"),
        choices=[("", "—"), *[(relation, RELATIONS[relation]) for relation in _OFFERED]],
        error_messages={"required": _("Choose what they are to the first person of the group")},
    )
