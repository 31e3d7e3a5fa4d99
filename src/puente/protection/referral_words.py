"""The words of referrals, and what a person's file gives of what may be told."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from puente.engines.identity.names import display_name
from puente.people.evidence import SEXES, describe_birth
from puente.people.models import Person
from puente.people.opening import OpenedPerson, birth_of
from puente.people.pseudonyms import reference_of
from puente.protection.case_wording import Words
from puente.protection.referrals import Proof, State, Way

STATES: dict[str, Words] = {
    State.SENT: _("sent"),
    State.RECEIVED: _("received"),
    State.ACCEPTED: _("accepted"),
    State.DELIVERED: _("delivered"),
    State.REFUSED: _("refused by the service"),
    State.REVOKED: _("revoked"),
    State.EXPIRED: _("expired"),
}
#: State → kind of tag, icon.
STATE_TAGS: dict[str, tuple[str, str]] = {
    State.SENT: ("river", "clock"),
    State.RECEIVED: ("river", "clock"),
    State.ACCEPTED: ("river", "check"),
    State.DELIVERED: ("done", "check"),
    State.REFUSED: ("error", "minus"),
    State.REVOKED: ("fact", "minus"),
    State.EXPIRED: ("person", "clock"),
}
#: What an officer may write down, as a choice with what it means.
MOVES: dict[str, tuple[Words, Words]] = {
    State.RECEIVED: (_("Received"), _("The service has it.")),
    State.ACCEPTED: (_("Accepted"), _("The service will attend to the person.")),
    State.DELIVERED: (_("Delivered"), _("The person got what was asked for. Only this ends it well.")),
    State.REFUSED: (_("Refused"), _("The service does not attend to the person. Write why.")),
    State.REVOKED: (_("Revoked"), _("We or the person take it back: ask the service to destroy what it got.")),
}
PROOFS: dict[str, Words] = {
    Proof.SERVICE: _("The service"), Proof.PERSON: _("The person"), Proof.SEEN: _("I saw it"),
}  # fmt: skip
WAYS: dict[str, tuple[Words, Words]] = {
    Way.BY_HAND: (_("An officer hands it over"), ""),
    Way.CALL: (_("Told by phone to the service"), ""),
    Way.MAIL: (_("Sealed letter to the service"), ""),
    Way.CARRIED: (
        _("The person carries the paper"), _("Only where the safe-contact instructions let a paper go along."),
    ),
}  # fmt: skip


def describe_given(person: OpenedPerson) -> dict[str, str]:
    """Return what the file gives of what may be told, empty where it does not say; in Spanish, as services read it."""
    row, identity = person.person, person.identity
    with translation.override("es"):
        return {
            "reference": reference_of(row.pk),
            "name": display_name(identity.name),
            "birth": describe_birth(birth_of(row, identity)),
            "sex": str(SEXES.get(row.sex, "")) if row.sex != Person.Sex.UNKNOWN else "",
            "nationality": row.nationality.label if row.nationality else "",
        }
