"""What the arrival desk shows: candidates of a search, and the draft of one registration."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from puente.engines.curp import CurpState
from puente.engines.identity.birth import PartialDate
from puente.engines.identity.evidence import Likelihood
from puente.engines.identity.facts import PersonQuery
from puente.engines.identity.names import PersonName, list_name
from puente.offices.models import Office
from puente.people.candidates import describe_home
from puente.people.curp_words import describe_state
from puente.people.evidence import describe_birth, describe_unknown
from puente.people.models import ConsentDecision, Person
from puente.people.policies import OPEN_PERSON
from puente.people.selectors import EarlierReturn, list_consent_texts, list_consents
from puente.people.services import birth_of, open_person
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose
from puente.reception.forms.arrival import ArrivalForm
from puente.reception.forms.identity import IdentityForm, PaperForms, PhoneForms
from puente.reception.payload import FieldProblem
from puente.reception.policies import REGISTER_ARRIVAL
from puente.reception.selectors.arrivals import find_last_point, find_usual_services, list_earlier_returns
from puente.reception.selectors.manifests import FoundLine, find_lines, get_line, list_open_manifests
from puente.web.dates import PrecisionDate

#: Field of the payload → field of a form, where the two are not called alike.
EVENT_FIELDS = {"arrived_at": "hour", "line_id": "listed", "manifest_id": "listed", "mode": "point"}
IDENTITY_FIELDS = {"name": "first_surname"}


@dataclass(frozen=True)
class KnownPerson:
    """The person whom the officer chose, as the side of the form shows them."""

    id: UUID
    name: PersonName
    birth: PartialDate | None
    place: str
    returns: list[EarlierReturn]
    consents: dict[str, ConsentDecision]
    is_served_here: bool
    curp: str = ""
    curp_state: str = ""

    @property
    def shown_name(self) -> str:
        """The name as lists write it."""
        return list_name(self.name) or describe_unknown()

    @property
    def shown_birth(self) -> str:
        """The birth date in the reader's words."""
        return describe_birth(self.birth)


def find_desk_office(actor: Actor) -> Office:
    """Return the office at whose desk the actor sits; raises NotAllowed where they register nobody."""
    offices = actor.offices_for(REGISTER_ARRIVAL)
    if not offices:
        raise NotAllowed(REGISTER_ARRIVAL.name)
    chosen = actor.home_office_id if actor.home_office_id in offices else min(offices)
    return Office.objects.get(pk=chosen)


def know_person(actor: Actor, person_id: UUID, said: PersonQuery | None) -> KnownPerson:
    """Return a person whom the officer chose.

    Of somebody whom no own office serves yet, the side shows what was said and nothing of the registry:
    their file opens with the registration. Opening a served one leaves an event.
    """
    returns = list_earlier_returns(actor, [person_id]).get(person_id, [])
    person = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk=person_id).first()
    if person is None:
        name = said.name if said else PersonName()
        return KnownPerson(person_id, name, said.birth if said else None, "", returns, {}, is_served_here=False)
    identity = open_person(actor=actor, person_id=person_id, purpose=Purpose.RECEPTION, now=timezone.now()).identity
    return KnownPerson(
        id=person_id,
        name=identity.name,
        birth=birth_of(person, identity),
        place=describe_home(person),
        returns=returns,
        consents=list_consents(actor, person_id),
        is_served_here=True,
        curp=identity.curp,
        curp_state=describe_state(CurpState(identity.curp_state)),
    )


class Draft:
    """One registration that is being written: its forms, and the ids that make a retry harmless."""

    def __init__(
        self,
        *,
        actor: Actor,
        data: Mapping[str, Any] | None,
        known: KnownPerson | None,
        now: datetime,
        said: PersonQuery | None = None,
        is_unknown: bool = False,
        line_id: UUID | None = None,
        travels_with: str = "",
    ) -> None:
        """data: what was sent, None for a new draft, which is filled with what the office knows."""
        self.actor, self.known, self.now = actor, known, now
        self.office = find_desk_office(actor)
        self.consent_texts = list_consent_texts()
        self.command_id, self.arrival_id, self.person_id = (
            _read_id(data, name) for name in ("command_id", "arrival_id", "person_id")
        )
        if known is not None:
            self.person_id = known.id
        lists = self._offer_lists(said, data, line_id)
        self.event = ArrivalForm(
            data,
            office=self.office,
            now=now,
            actor=actor,
            lists=lists,
            consent_texts=self.consent_texts,
            initial=self._prefill(lists, line_id) | {"travels_with": travels_with},
        )
        self.identity: IdentityForm | None = None
        if known is None:
            name, birth = (said.name, said.birth) if said else (PersonName(), None)
            self.identity = IdentityForm(
                data,
                initial={
                    "is_unknown": is_unknown,
                    "first_surname": name.first_surname, "second_surname": name.second_surname, "given": name.given,
                    "birth_state": said.birth_state if said else "", "curp": said.curp if said else "",
                    "birth": birth and PrecisionDate(birth.year, birth.month, birth.day),
                },
            )  # fmt: skip
        self.papers = PaperForms(data, prefix="papers")
        self.phones = PhoneForms(data, prefix="phones")
        self.answers = _read_answers(data)

    @property
    def forms(self) -> list[Any]:
        """Every form of the page, for the error summary."""
        new = [self.identity, *self.papers, *self.phones] if self.identity else []
        return [form for form in (*new, self.event) if form is not None]

    def is_valid(self) -> bool:
        """Tell whether the words of every form can be read; what they say is checked by the command."""
        # Every form is looked at, so that the summary names all that is missing at once.
        results = [form.is_valid() for form in self.forms]
        return all(results)

    def to_payload(self) -> dict[str, Any]:
        """Return the payload of `reception.register`."""
        payload = self.event.to_payload(
            office=self.office, arrival_id=self.arrival_id, language=(translation.get_language() or "es")[:2]
        )
        payload |= {"person_id": str(self.person_id), "answers": [*self.answers]}
        if self.identity is not None:
            payload["identity"] = self.identity.to_payload() | {
                "papers": [paper for form in self.papers if (paper := form.to_payload())],
                "phones": [phone for form in self.phones if (phone := form.to_payload())],
            }
        else:
            payload["answers"].append({"candidate_id": str(self.person_id), "answer": "is"})
        return payload

    def show_problems(self, problems: tuple[FieldProblem, ...]) -> None:
        """Put the problems of a refused command at the fields they are about."""
        for problem in problems:
            part, _dot, rest = problem.path.partition(".")
            name = rest.partition(".")[0]
            if part == "identity" and self.identity is not None:
                _add(self.identity, IDENTITY_FIELDS.get(name, name), problem.message)
            elif part == "arrival":
                _add(self.event, EVENT_FIELDS.get(name, name), problem.message)
            elif part == "consents":
                _add(self.event, "means", problem.message)
            else:
                _add(self.event, part, problem.message)

    def find_usual_services(self) -> list[str]:
        """Return what one key marks: what most people receive here."""
        return find_usual_services(self.actor, self.office.pk)

    def _prefill(self, lists: list[tuple[str, str]], line_id: UUID | None) -> dict[str, Any]:
        here = timezone.localtime(self.now, ZoneInfo(self.office.time_zone))
        first = next((value for value, _label in lists if value.startswith("line:")), "")
        return {
            "point": find_last_point(self.actor, self.office),
            "day": here.date(),
            "hour": here.time().replace(second=0, microsecond=0),
            "listed": f"line:{line_id}" if line_id else first,
            "means": ConsentDecision.Means.VERBAL,
            "capacity": ConsentDecision.Capacity.SELF,
        }

    def _offer_lists(
        self, said: PersonQuery | None, data: Mapping[str, Any] | None, line_id: UUID | None
    ) -> list[tuple[str, str]]:
        lines = find_lines(self.actor, self.office.pk, self._ask(said, data), self.now)
        offered = [_describe_line(found) for found in lines if found.likelihood is not Likelihood.DOUBTFUL]
        sent = (data or {}).get("listed", "") or (f"line:{line_id}" if line_id else "")
        if sent.startswith("line:") and sent not in dict(offered):
            offered.append(self._describe_sent_line(sent))
        for manifest in list_open_manifests(self.actor, self.office.pk):
            label = _("Came with the list %(list)s and is not on it") % {"list": manifest.label}
            offered.append((f"manifest:{manifest.pk}", label))
        return offered

    def _describe_sent_line(self, sent: str) -> tuple[str, str]:
        shown = get_line(self.actor, UUID(sent.partition(":")[2]))
        return sent, _line_label(shown.row.manifest.label, shown.row.row_number, shown.line.as_written)

    def _ask(self, said: PersonQuery | None, data: Mapping[str, Any] | None) -> PersonQuery:
        if self.known is not None:
            return PersonQuery(name=self.known.name, birth=self.known.birth)
        if said is not None:
            return said
        sent = data or {}
        return PersonQuery(
            name=PersonName(sent.get("given", ""), sent.get("first_surname", ""), sent.get("second_surname", ""))
        )


def _add(form: Any, name: str, message: str | Promise) -> None:
    form.add_error(name if name in form.fields else None, message)


def _read_id(data: Mapping[str, Any] | None, name: str) -> UUID:
    try:
        return UUID((data or {}).get(name, ""))
    except ValueError:
        return make_id()


def _read_answers(data: Any) -> list[dict[str, str]]:
    if data is None:
        return []
    answers = []
    for answer in ("is_not", "cannot_tell"):
        for text in data.getlist(answer)[:20]:
            try:
                answers.append({"candidate_id": str(UUID(text)), "answer": answer})
            except ValueError:
                continue
    return answers


def _describe_line(found: FoundLine) -> tuple[str, str]:
    label = _line_label(found.row.manifest.label, found.row.row_number, found.line.as_written)
    return f"line:{found.row.pk}", label


def _line_label(manifest: str, row: int, as_written: str) -> str:
    return _("List %(list)s, row %(row)s, «%(name)s»") % {"list": manifest, "row": row, "name": as_written}
