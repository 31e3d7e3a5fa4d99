"""How people stand in lists: a name, or the reference that stands wherever a name must not.

A reference tells nothing: whose identity is not established has one as well as whose file others open.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.translation import gettext as _

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.names import PersonName, display_name, list_name, mask_name
from puente.people.models import Person
from puente.people.opening import birth_of, read_people
from puente.people.policies import OPEN_PERSON
from puente.people.pseudonyms import reference_of
from puente.platform.policy import Actor, Sensitivity


@dataclass(frozen=True)
class PersonLabel:
    """What a list shows of one person.

    `text` is written as lists write it, `full` as one says it; both are the reference where `is_reference`. `person` is
    the row with the home, None where the reader may not open the file: then the row carries no link either.
    """

    person_id: UUID
    text: str = field(repr=False)
    full: str = field(repr=False)
    is_reference: bool
    person: Person | None = field(default=None, repr=False)
    birth: PartialDate | None = field(default=None, repr=False)
    is_masked: bool = False

    def __str__(self) -> str:
        return self.text

    @property
    def may_open(self) -> bool:
        """Whether the reader may open the file."""
        return self.person is not None

    @property
    def home(self) -> str:
        """Where the person goes, as far as the reader may know; of a reserved file nothing before it is opened."""
        if self.person is None or self.is_masked:
            return ""
        return str(self.person.home_municipality or self.person.home_state or "")


def label_people(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, PersonLabel]:
    """Return how each of some people is shown to an actor, in two queries.

    Whose file the actor may not open stands with the reference alone. The name of a reserved file is masked until the
    file itself is opened.
    """
    ids = set(person_ids)
    visible = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk__in=ids)
    opened = read_people(
        visible.select_related("home_municipality__state", "home_state", "birth_state", "birth_country")
    )
    labels = {person_id: _refer_to(person_id) for person_id in ids - opened.keys()}
    for person_id, (person, document) in opened.items():
        if person.sensitivity >= Sensitivity.FLAG and person.erased_at is None:
            labels[person_id] = replace(_write_label(person, mask_name(document.name)), is_masked=True)
        else:
            labels[person_id] = _write_label(person, document.name, birth_of(person, document))
    return labels


def describe_reference(person_id: UUID) -> str:
    """Return what stands where a name cannot: "Person K7F2-Q9ME"."""
    return _("Person %(reference)s") % {"reference": reference_of(person_id)}


def write_in_list(name: PersonName, person_id: UUID) -> str:
    """Return the name of an opened person as lists write it, or their reference."""
    return list_name(name) or describe_reference(person_id)


def write_in_full(name: PersonName, person_id: UUID) -> str:
    """Return the name of an opened person as one says it, or their reference."""
    return display_name(name) or describe_reference(person_id)


def _refer_to(person_id: UUID) -> PersonLabel:
    words = describe_reference(person_id)
    return PersonLabel(person_id, words, words, is_reference=True)


def _write_label(person: Person, name: PersonName, birth: PartialDate | None = None) -> PersonLabel:
    text, full = write_in_list(name, person.pk), write_in_full(name, person.pk)
    return PersonLabel(person.pk, text, full, name.is_empty, person, birth)
