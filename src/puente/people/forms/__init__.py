"""The forms about people; those of who somebody is are used at the arrival desk too."""

from puente.people.forms.identity import IdentityForm
from puente.people.forms.parts import IdentityParts
from puente.people.forms.question import LineForm, PartsForm

__all__ = ["IdentityForm", "IdentityParts", "LineForm", "PartsForm"]
