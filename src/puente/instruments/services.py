"""Everything that writes instruments and what people say to them. Rooms that ask wrap these functions."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from puente.engines.instruments import (
    Definition,
    Flaw,
    InvalidReply,
    Question,
    Reply,
    check_reply,
    find_digest,
    find_missing,
    keep_relevant,
    parse_definition,
)
from puente.instruments.models import Answer, Instrument, InstrumentVersion, Response
from puente.instruments.policies import asking, viewing
from puente.people.models import Person
from puente.people.policies import OPEN_PERSON
from puente.people.sealed import seal_note, unseal_note
from puente.people.services import open_key_of, record_of
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor, NotAllowed, Purpose, require, require_in_office

SEALED_AS = "instruments_answer"


class IncompleteResponse(Exception):
    """A response cannot be finished: `questions` still need an answer or "prefers not to answer"."""

    def __init__(self, questions: list[Question]) -> None:
        super().__init__(", ".join(question.name for question in questions))
        self.questions = questions


class ResponseClosed(Exception):
    """A finished response takes corrections with a reason alone; a draft needs none."""


@dataclass(frozen=True)
class GivenAnswer:
    """One version of a reply: to which question, when, by whom (staff id), and why it was corrected."""

    question: str
    version: int
    reply: Reply
    at: datetime
    by: UUID
    reason: str = ""


@dataclass(frozen=True)
class OpenedResponse:
    """A response with its form, every version of its answers by question, and the person's data key.

    `written`: the questions to which `record_replies` has just appended a version.
    """

    response: Response
    definition: Definition
    answers: Mapping[str, list[GivenAnswer]]
    data_key: bytes
    written: tuple[str, ...] = ()

    @property
    def replies(self) -> dict[str, Reply]:
        """The latest reply to each question that matters, in the order of the form."""
        latest = {question: versions[-1].reply for question, versions in self.answers.items()}
        return keep_relevant(self.definition, latest)


@transaction.atomic
def load_instruments(files: Iterable[Path], *, now: datetime) -> dict[str, int]:
    """Publish the definitions of content files; a wording that is published already stays as it is.

    Args:
        files: JSON definitions in the shape that `parse_definition` reads.

    Returns:
        How many instruments there are in the files.

    Raises:
        DefinitionError: with every problem of a file; then nothing is published.
    """
    count = 0
    for file in files:
        content = json.loads(file.read_text(encoding="utf-8"))
        definition = parse_definition(content)
        instrument, _ = Instrument.objects.update_or_create(code=definition.code, defaults={"area": definition.area})
        digest = find_digest(content)
        if not instrument.versions.filter(digest=digest).exists():
            last = instrument.versions.order_by("-number").values_list("number", flat=True).first() or 0
            InstrumentVersion.objects.create(
                instrument=instrument, number=last + 1, digest=digest, content=content, published_at=now
            )
        count += 1
    return {"instruments": count}


@transaction.atomic
def start_response(
    *,
    actor: Actor,
    instrument: str,
    person_id: UUID,
    office_id: UUID,
    purpose: Purpose,
    now: datetime,
    arrival_id: UUID | None = None,
) -> tuple[Response, bool]:
    """Begin to ask a person the newest wording, or return the draft that the office began before.

    Returns:
        The response, and whether it is new.

    Raises:
        NotAllowed: where the actor asks nobody in this office, or may not open the person.
    """
    version = InstrumentVersion.objects.select_related("instrument").filter(instrument_id=instrument).latest("number")
    area = version.instrument.area
    person = _find_person(actor, person_id)
    require_in_office(actor, asking(area), office_id)
    require(actor, asking(area), record_of(person), purpose, now)
    draft = Response.objects.filter(
        person=person, office_id=office_id, version__instrument_id=instrument, status=Response.Status.DRAFT
    ).first()
    if draft is not None:
        return draft, False
    return Response.objects.get_or_create(
        person=person,
        office_id=office_id,
        version=version,
        status=Response.Status.DRAFT,
        defaults={"area": area, "arrival_id": arrival_id, "started_at": now, "started_by": actor.id},
    )


def open_response(*, actor: Actor, area: str, response_id: UUID) -> OpenedResponse:
    """Return a response with all that was said, unsealed; the caller leaves the audit event.

    Raises:
        NotAllowed: also where there is no such response.
    """
    return _open(actor, viewing(area), area, response_id)


@transaction.atomic
def record_replies(
    *,
    actor: Actor,
    area: str,
    response_id: UUID,
    replies: Mapping[str, Reply],
    now: datetime,
    reason: str = "",
) -> OpenedResponse:
    """Append what was said; a reply that is the same as before is not written again.

    Args:
        replies: question name → reply; replies to questions that do not matter are refused.
        reason: why a finished response is corrected, in free words; sealed with the answer.

    Returns:
        The response as it stands after.

    Raises:
        NotAllowed; InvalidReply; ResponseClosed: where a finished response is changed without a reason.
        Then nothing is written.
    """
    opened = _open(actor, asking(area), area, response_id, lock=True)
    if opened.response.status == Response.Status.COMPLETE and not reason.strip():
        raise ResponseClosed
    latest = {question: versions[-1].reply for question, versions in opened.answers.items()}
    after = keep_relevant(opened.definition, latest | dict(replies))
    answers = {question: list(versions) for question, versions in opened.answers.items()}
    written = []
    for name, reply in replies.items():
        question = opened.definition.find_question(name)
        if question is None or name not in after:
            raise InvalidReply(name, Flaw.UNKNOWN_CHOICE)
        check_reply(question, reply)
        if latest.get(name) != reply:
            answers.setdefault(name, []).append(_append(opened, actor, name, reply, reason.strip(), now))
            written.append(name)
    return OpenedResponse(opened.response, opened.definition, answers, opened.data_key, tuple(written))


@transaction.atomic
def finish_response(*, actor: Actor, area: str, response_id: UUID, now: datetime) -> tuple[OpenedResponse, bool]:
    """Close a response; from then on answers are corrected with a reason.

    Returns:
        The response, and whether it was open before.

    Raises:
        NotAllowed; IncompleteResponse: with the questions that are left.
    """
    opened = _open(actor, asking(area), area, response_id, lock=True)
    response = opened.response
    if response.status == Response.Status.COMPLETE:
        return opened, False
    if missing := find_missing(opened.definition, opened.replies):
        raise IncompleteResponse(missing)
    response.status, response.finished_at, response.finished_by = Response.Status.COMPLETE, now, actor.id
    response.save(update_fields=["status", "finished_at", "finished_by"])
    return opened, True


def _open(actor: Actor, action: Action, area: str, response_id: UUID, lock: bool = False) -> OpenedResponse:
    found = Response.objects.visible_to(actor, action).select_related("version", "office").filter(area=area)
    response = (found.select_for_update(of=("self",)) if lock else found).filter(pk=response_id).first()
    if response is None:
        raise NotAllowed(action.name)
    data_key = open_key_of(_find_person(actor, response.person_id))
    return OpenedResponse(response, response.version.definition, _read_answers(response, data_key), data_key)


def _read_answers(response: Response, data_key: bytes) -> dict[str, list[GivenAnswer]]:
    answers: dict[str, list[GivenAnswer]] = {}
    for row in Answer.objects.filter(response=response).order_by("version", "id"):
        said = unseal_note(data_key, SEALED_AS, row.pk, bytes(row.sealed))
        answers.setdefault(said["question"], []).append(
            GivenAnswer(
                said["question"], row.version, Reply.from_json(said["reply"]), row.given_at, row.given_by,
                said["reason"],
            )
        )  # fmt: skip
    return answers


def _append(
    opened: OpenedResponse, actor: Actor, question: str, reply: Reply, reason: str, now: datetime
) -> GivenAnswer:
    response, answer_id = opened.response, make_id()
    version = len(opened.answers.get(question, ())) + 1
    said = {"question": question, "reply": reply.to_json(), "reason": reason}
    Answer.objects.create(
        id=answer_id,
        response=response,
        area=response.area,
        person_id=response.person_id,
        office_id=response.office_id,
        slot=_find_slot(opened.data_key, response.pk, question),
        version=version,
        sealed=seal_note(opened.data_key, SEALED_AS, answer_id, said),
        given_at=now,
        given_by=actor.id,
    )
    return GivenAnswer(question, version, reply, now, actor.id, reason)


def _find_slot(data_key: bytes, response_id: UUID, question: str) -> UUID:
    digest = hmac.digest(data_key, f"slot|{response_id}|{question}".encode(), hashlib.sha256)
    return UUID(bytes=digest[:16])


def _find_person(actor: Actor, person_id: UUID) -> Person:
    person = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk=person_id).first()
    if person is None:
        raise NotAllowed(OPEN_PERSON.name)
    return person
