"""What must hold of a registration before anything is written: codes known, nothing that contradicts itself."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.engines.identity.birth import PartialDate
from puente.offices.models import Country, Municipality, ReceptionPoint, State
from puente.people.models import ConsentDecision, ConsentText, Person
from puente.reception import catalogue
from puente.reception.ages import is_surely_minor, may_be_minor
from puente.reception.payload import ArrivalPart, BirthPart, ConsentPart, FieldProblem, IdentityPart, RegisterArrival

#: Clocks of tablets run ahead.
CLOCK_SLACK = timedelta(minutes=10)

CHOOSE_POINT = _("Choose the point where the person arrived")
POINT_CLOSED = _("That point was not open on that day. Choose another one")
NOT_YET = _("The arrival cannot be later than now. Correct the hour")
CHOOSE_AUTHORITY = _("Choose who handed the person over")
CHOOSE_US_STATE = _("Choose the state from the list, or leave it empty")
CHOOSE_TIME = _("Choose how long the person was in the US, or leave it empty")
CHOOSE_ACCOMPANIMENT = _("Choose with whom the person arrives")
IS_A_MINOR = _("By the birth date this person is under 18. Choose with whom the child or adolescent arrives")
IS_AN_ADULT = _("By the birth date this person is over 18. Choose with whom the adult arrives, or correct the date")
NO_STORY = _("Write down nothing that a child alone tells: child protection listens to them. Empty these words")
UNKNOWN_SERVICE = _("One of the services is not in the list of this office. Mark it again")
CHOOSE_MEANS = _("Choose how the person gave the consent")
UNKNOWN_PURPOSE = _("One of the consents has no text. Ask for it again")
WRITE_A_NAME = _("Write a surname or a given name, or mark that the identity is not established")
DESCRIBE = _("Describe the person in a few words, so that a colleague recognises them")
NO_SUCH_DAY = _("That month has no such day. Correct the day or leave it empty")
BORN_LATER = _("The birth date is later than the arrival. Correct one of the two")
CHOOSE_SEX = _("Choose the sex, or leave it as not known")
CHOOSE_STATE = _("Choose the state from the list, or leave it empty")
CHOOSE_COUNTRY = _("Choose the country from the list, or leave it empty")
BORN_ABROAD = _("The person was born outside of Mexico. Empty the state or choose Mexico")
OTHER_STATE = _("That municipality lies in another state. Correct one of the two")
CHOOSE_MUNICIPALITY = _("Choose the municipality from the list, or leave it empty")
CHOOSE_LANGUAGE = _("Choose the languages from the list")


def find_problems(command: RegisterArrival, birth: PartialDate | None, now: datetime) -> list[FieldProblem]:
    """Return all that is wrong with a registration; an empty list means that it may be written.

    Args:
        birth: the person's birth date, of the registry or of the command.
    """
    problems = [*_check_arrival(command.arrival, now), *_check_age(command, birth), *_check_consents(command.consents)]
    problems += _check_story(command)
    if not set(command.services) <= catalogue.services().keys():
        problems.append(FieldProblem("services", UNKNOWN_SERVICE))
    if command.identity is not None:
        problems += _check_identity(command.identity, command.arrival.arrived_at)
    return problems


def birth_of_part(part: BirthPart | None) -> PartialDate | None:
    """Return the birth date of a payload; None where it is not known or impossible."""
    if part is None or not _is_possible(part):
        return None
    return PartialDate.from_parts(part.year, part.month, part.day, estimated=part.is_estimated)


def _check_arrival(arrival: ArrivalPart, now: datetime) -> Iterator[FieldProblem]:
    point = ReceptionPoint.objects.filter(pk=arrival.point).first()
    day = timezone.localdate(arrival.arrived_at)
    if point is None:
        yield FieldProblem("arrival.point", CHOOSE_POINT)
    elif (point.valid_from and day < point.valid_from) or (point.valid_to and day > point.valid_to):
        yield FieldProblem("arrival.point", POINT_CLOSED)
    if arrival.arrived_at > now + CLOCK_SLACK:
        yield FieldProblem("arrival.arrived_at", NOT_YET)
    known: tuple[tuple[str, str, dict[str, catalogue.Entry], bool, str | Promise], ...] = (
        ("handed_over_by", arrival.handed_over_by, catalogue.authorities(), True, CHOOSE_AUTHORITY),
        ("accompaniment", arrival.accompaniment, catalogue.accompaniments(), True, CHOOSE_ACCOMPANIMENT),
        ("last_us_state", arrival.last_us_state, catalogue.us_states(), False, CHOOSE_US_STATE),
        ("time_in_us", arrival.time_in_us, catalogue.times_in_us(), False, CHOOSE_TIME),
        ("mode", arrival.mode, catalogue.modes(), False, CHOOSE_POINT),
    )
    for name, code, entries, is_required, message in known:
        if (code or is_required) and code not in entries:
            yield FieldProblem(f"arrival.{name}", message)


def _check_age(command: RegisterArrival, birth: PartialDate | None) -> Iterator[FieldProblem]:
    entry = catalogue.accompaniments().get(command.arrival.accompaniment)
    day = timezone.localdate(command.arrival.arrived_at)
    if entry is None or birth is None:
        return
    if entry.says("minor") and not may_be_minor(birth, day):
        yield FieldProblem("arrival.accompaniment", IS_AN_ADULT)
    if not entry.says("minor") and is_surely_minor(birth, day):
        yield FieldProblem("arrival.accompaniment", IS_A_MINOR)


def _check_story(command: RegisterArrival) -> Iterator[FieldProblem]:
    """A child who is alone is asked for no story at the desk: what they say is for child protection to hear."""
    entry = catalogue.accompaniments().get(command.arrival.accompaniment)
    if entry is None or not entry.says("hand_over"):
        return
    if command.immediate_need:
        yield FieldProblem("immediate_need", NO_STORY)
    if command.hand_over is not None and command.hand_over.note:
        yield FieldProblem("hand_over.note", NO_STORY)


def _check_consents(consents: ConsentPart) -> Iterator[FieldProblem]:
    if not consents.decisions:
        return
    if consents.means not in ConsentDecision.Means:
        yield FieldProblem("consents.means", CHOOSE_MEANS)
    if consents.capacity not in ConsentDecision.Capacity:
        yield FieldProblem("consents.capacity", CHOOSE_MEANS)
    purposes = set(ConsentText.objects.values_list("purpose", flat=True))
    if not consents.decisions.keys() <= purposes:
        yield FieldProblem("consents.decisions", UNKNOWN_PURPOSE)


def _check_identity(identity: IdentityPart, arrived_at: datetime) -> Iterator[FieldProblem]:
    if identity.is_established and identity.name.build().is_empty:
        yield FieldProblem("identity.name", WRITE_A_NAME)
    if not identity.is_established and not identity.description and identity.name.build().is_empty:
        yield FieldProblem("identity.description", DESCRIBE)
    if identity.birth and not _is_possible(identity.birth):
        yield FieldProblem("identity.birth", NO_SUCH_DAY)
    elif identity.birth and _earliest(identity.birth) > timezone.localdate(arrived_at):
        yield FieldProblem("identity.birth", BORN_LATER)
    if identity.sex not in Person.Sex:
        yield FieldProblem("identity.sex", CHOOSE_SEX)
    for name in ("birth_state", "home_state"):
        if (code := getattr(identity, name)) and not State.objects.filter(pk=code).exists():
            yield FieldProblem(f"identity.{name}", CHOOSE_STATE)
    if identity.birth_state and identity.birth_country not in ("", "MX"):
        yield FieldProblem("identity.birth_state", BORN_ABROAD)
    for name in ("birth_country", "nationality"):
        if (code := getattr(identity, name)) and not Country.objects.filter(pk=code).exists():
            yield FieldProblem(f"identity.{name}", CHOOSE_COUNTRY)
    if identity.home_municipality:
        municipality = Municipality.objects.filter(pk=identity.home_municipality).first()
        if municipality is None:
            yield FieldProblem("identity.home_municipality", CHOOSE_MUNICIPALITY)
        elif identity.home_state and municipality.state_id != identity.home_state:
            yield FieldProblem("identity.home_municipality", OTHER_STATE)
    if not set(identity.languages) <= catalogue.read_list("people/languages").keys():
        yield FieldProblem("identity.languages", CHOOSE_LANGUAGE)


def _is_possible(birth: BirthPart) -> bool:
    if birth.day is None:
        return True
    return birth.month is not None and birth.day <= monthrange(birth.year, birth.month)[1]


def _earliest(birth: BirthPart) -> date:
    return date(birth.year, birth.month or 1, birth.day or 1)
