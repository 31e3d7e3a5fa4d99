"""The payload of `reception.register`: its shape, as the desk and later a tablet send it, and its errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from puente.engines.identity.names import PersonName
from puente.people.sealed import PaperDocument, Phone

Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9_\-.]*$")]
Short = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)]
Long = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)]


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one part of a payload: its dotted path, "" for the whole, and what to do."""

    path: str
    message: str | Promise


class InvalidPayload(Exception):
    """A payload that cannot be carried out; it names every problem found and holds none of its content."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(", ".join(problem.path for problem in problems))
        self.problems = tuple(problems)


class Part(BaseModel):
    """A part of the payload: unknown keys are errors, so that nothing a tablet sends is lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BirthPart(Part):
    """A birth date as far as it is known."""

    year: int = Field(ge=1900, le=2200)
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    is_estimated: bool = False


class NamePart(Part):
    """A name in the person's own words."""

    given: Short = ""
    first_surname: Short = ""
    second_surname: Short = ""
    preferred: Short = ""

    def build(self) -> PersonName:
        """Return the engine's name."""
        return PersonName(self.given, self.first_surname, self.second_surname, self.preferred)


class PaperPart(Part):
    """A paper of any country."""

    kind: Code
    country: Code = ""
    number: Short = ""
    state: Literal["declared", "shown"] = "declared"

    def build(self) -> PaperDocument:
        """Return the paper as the identity keeps it."""
        return PaperDocument(self.kind, self.country, self.number, self.state)


class PhonePart(Part):
    """A phone number, and whether a call may put somebody in danger."""

    number: Annotated[str, StringConstraints(max_length=30, pattern=r"^[0-9+() .\-]{4,}$")]
    owner: Short = "self"
    safety: Literal["ask", "yes", "never"] = "ask"
    instructions: Short = ""

    def build(self) -> Phone:
        """Return the phone as the identity keeps it."""
        return Phone(self.number, self.owner, self.safety, self.instructions)


class IdentityPart(Part):
    """Who a new person is."""

    is_established: bool = True
    name: NamePart = NamePart()
    as_said: Short = ""
    birth: BirthPart | None = None
    sex: Code = "U"
    birth_state: Code = ""
    birth_country: Code = ""
    nationality: Code = ""
    home_state: Code = ""
    home_municipality: Code = ""
    languages: list[Code] = Field(default=[], max_length=12)
    needs_interpreter: bool = False
    curp: Annotated[str, StringConstraints(max_length=40)] = ""
    mother: Short = ""
    papers: list[PaperPart] = Field(default=[], max_length=20)
    phones: list[PhonePart] = Field(default=[], max_length=10)
    description: Long = ""


class ArrivalPart(Part):
    """The event itself."""

    id: UUID
    point: Code
    arrived_at: AwareDatetime
    handed_over_by: Code
    last_us_state: Code = ""
    time_in_us: Code = ""
    mode: Code = ""
    accompaniment: Code
    manifest_id: UUID | None = None
    line_id: UUID | None = None


class ConsentPart(Part):
    """What the person decided, purpose by purpose, and how they said it."""

    decisions: dict[Code, Literal["given", "refused"]] = Field(default={}, max_length=20)
    language: Code = "es"
    means: Code = ""
    capacity: Code = "self"
    has_interpreter: bool = False
    witness: Short = ""


class TravelsWithPart(Part):
    """With which earlier arrival a person travels, and what they are to that person."""

    arrival_id: UUID
    relation: Literal["partner", "child", "parent", "sibling", "relative", "other"]


class AnswerPart(Part):
    """What the officer answered about a candidate of the search."""

    candidate_id: UUID
    answer: Literal["is", "is_not", "cannot_tell"]


class HandoverPart(Part):
    """That the desk asks another service to go on with the person."""

    service: Literal["protection", "medical", "psychological", "legal"]
    note: Long = ""


class RegisterArrival(Part):
    """All that one registration says. `identity` is there for a new person alone."""

    office_id: UUID
    person_id: UUID
    identity: IdentityPart | None = None
    arrival: ArrivalPart
    services: list[Code] = Field(default=[], max_length=60)
    consents: ConsentPart = ConsentPart()
    immediate_need: Long = ""
    in_danger: Literal["", "yes", "no", "no_answer"] = ""
    hand_over: HandoverPart | None = None
    travels_with: TravelsWithPart | None = None
    answers: list[AnswerPart] = Field(default=[], max_length=60)


#: By the type that pydantic gives an error.
_MESSAGES: dict[str, str | Promise] = {
    "missing": _("This is missing. Send it."),
    "extra_forbidden": _("This is not part of the command. Remove it, or use a newer version."),
    "string_too_long": _("This text is too long. Shorten it."),
    "too_long": _("There are too many entries. Leave some out."),
    "string_pattern_mismatch": _("This holds characters that do not belong here. Correct it."),
    "uuid_parsing": _("This is not an identifier."),
    "datetime_from_date_parsing": _("This is not a date and time. Write it like 2026-11-23T10:25:00-07:00."),
    "timezone_aware": _("The time zone is missing. Write it like 2026-11-23T10:25:00-07:00."),
    "literal_error": _("This is none of the possible answers. Choose one of them."),
    "greater_than_equal": _("This number is too small. Correct it."),
    "less_than_equal": _("This number is too large. Correct it."),
}
_OTHER = _("This does not have the form that is expected. Correct it.")


def parse_payload(payload: dict[str, Any]) -> RegisterArrival:
    """Read the payload of a registration.

    Raises:
        InvalidPayload: with the path and the message of each problem of form.
    """
    try:
        return RegisterArrival.model_validate(payload)
    except ValidationError as error:
        raise InvalidPayload(
            [
                FieldProblem(".".join(map(str, found["loc"])), _MESSAGES.get(found["type"], _OTHER))
                for found in error.errors(include_url=False, include_context=False, include_input=False)
            ]
        ) from None


def describe_schema() -> dict[str, Any]:
    """Return the JSON schema (2020-12) of the payload, for those who write another client."""
    return RegisterArrival.model_json_schema()


def as_json(value: datetime | UUID) -> str:
    """Return how a value stands in the payload."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
