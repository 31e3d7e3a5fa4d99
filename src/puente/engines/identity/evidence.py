"""Evidence that two descriptions are one person: field by field, never a bare score and never a percentage.

An officer reads the rows and decides; nothing here joins people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from heapq import nsmallest
from typing import NamedTuple

from puente.engines.identity import fields
from puente.engines.identity.birth import PartialDate
from puente.engines.identity.facts import Candidate, PersonQuery
from puente.engines.identity.fields import Agreement, Note, Sign
from puente.engines.identity.names import PersonName
from puente.engines.identity.similarity import Spans, find_differing_letters

LEAST_WITH_FULL_DATE = 18.0
LEAST_WITH_YEAR_AND_STATE = 20.0
LEAST_POSSIBLE = 10.0


class Field(StrEnum):
    """The rows of a comparison, in the order in which they are shown."""

    SURNAMES = "surnames"
    GIVEN = "given"
    BIRTH = "birth"
    STATE = "state"
    SEX = "sex"
    CURP = "curp"
    PHONE = "phone"
    MOTHER = "mother"


class Likelihood(StrEnum):
    """The word for the whole."""

    VERY_LIKELY = "very_likely"
    POSSIBLE = "possible"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One field: its sign, both texts, the (start, end) spans of letters that differ in each, and remarks.

    Birth dates are ISO texts of the known parts ("1992-03"), states and sex are the codes given, and phones
    are masked; the view puts them into the reader's words.
    """

    field: Field
    sign: Sign
    said: str
    registered: str
    said_spans: Spans = ()
    registered_spans: Spans = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate beside the query: rows to show, the word for the whole, and bits of evidence to order by."""

    candidate_id: str
    likelihood: Likelihood
    total: float
    rows: tuple[EvidenceRow, ...]


class Agreements(NamedTuple):
    """The agreement of each field, in the order of `Field`."""

    surnames: Agreement
    given: Agreement
    birth: Agreement
    state: Agreement
    sex: Agreement
    curp: Agreement
    phone: Agreement
    mother: Agreement

    @property
    def total(self) -> float:
        """The bits of all fields together."""
        return sum([agreement.weight for agreement in self])


def compare(query: PersonQuery, candidate: Candidate) -> Comparison:
    """Hold one candidate against the query.

    Surnames, given names, birth and state always have a row; sex, CURP, phone and mother when either side
    knows them. The candidate's alias that fits best stands for its name, with the note ALIAS.
    """
    best_name, best_agreements, best_query = _agree_at_best(_read_unfinished(query), candidate)
    rows = tuple(_build_rows(best_query, candidate, best_name, best_agreements))
    return Comparison(candidate.id, _judge(best_agreements), round(best_agreements.total, 2), rows)


def rank(query: PersonQuery, candidates: Iterable[Candidate], limit: int = 5) -> list[Comparison]:
    """The `limit` candidates with the most evidence, best first; ties by id, so the order never changes."""
    readings = _read_unfinished(query)
    scored = [(-_agree_at_best(readings, candidate)[1].total, candidate.id, candidate) for candidate in candidates]
    best = nsmallest(limit, scored, key=lambda item: item[:2])
    return [compare(query, candidate) for _, _, candidate in best]


def mask_phone(number: str) -> str:
    """The first three and last two of ten digits: "715 ••• ••18"; shorter numbers keep the last two."""
    digits = fields.phone_digits(number)
    if not digits:
        return ""
    return f"{digits[:3]} ••• ••{digits[-2:]}" if len(digits) == 10 else f"••{digits[-2:]}"


def _read_unfinished(query: PersonQuery) -> tuple[PersonQuery, ...]:
    """The query, and where its last word is still being typed after one surname ("avalos cr"), that word as
    the other thing that it may become: a second surname or a given name."""
    name = query.name
    if not query.is_typing or not name.first_surname or (name.given and name.second_surname):
        return (query,)
    word = name.given or name.second_surname
    if len(word.split()) != 1:
        return (query,)
    other = PersonName(name.second_surname, name.first_surname, name.given, name.preferred)
    return query, replace(query, name=other)


def _agree_at_best(
    readings: tuple[PersonQuery, ...], candidate: Candidate
) -> tuple[PersonName, Agreements, PersonQuery]:
    best = (*_agree(readings[0], candidate), readings[0])
    for reading in readings[1:]:
        other = (*_agree(reading, candidate), reading)
        if other[1].total > best[1].total:
            best = other
    return best


def _agree(query: PersonQuery, candidate: Candidate) -> tuple[PersonName, Agreements]:
    name, surnames, given = _agree_on_name(query, candidate.name)
    for alias in candidate.aliases:
        other, alias_surnames, alias_given = _agree_on_name(query, alias)
        # An alias is one step further from the person than the name on the papers.
        if alias_surnames.weight + alias_given.weight - 1.0 > surnames.weight + given.weight:
            notes = (Note.ALIAS, *alias_surnames.notes)
            name, given = other, alias_given
            surnames = Agreement(alias_surnames.weight - 1.0, alias_surnames.sign, notes)
    return name, Agreements(
        surnames,
        given,
        fields.compare_birth(query.birth, candidate.birth),
        fields.compare_state(query.birth_state, candidate.birth_state),
        fields.compare_sex(query.sex, candidate.sex),
        fields.compare_curp(query.curp, candidate.curp),
        fields.compare_phone(query.phone, candidate.phones),
        fields.compare_mother(query.mother, candidate.mother),
    )


def _agree_on_name(query: PersonQuery, name: PersonName) -> tuple[PersonName, Agreement, Agreement]:
    surnames = fields.compare_surnames(query.name, name, query.is_typing)
    return name, surnames, fields.compare_given(query.name, name, query.is_typing)


def _judge(agreements: Agreements) -> Likelihood:
    """The word for the whole. "Very likely" needs nothing that contradicts, and either a full date that
    agrees or the year and the state together with names that at least sound alike."""
    total, birth = agreements.total, agreements.birth
    if total < LEAST_POSSIBLE:
        return Likelihood.DOUBTFUL
    decisive = (agreements.surnames, agreements.given, birth, agreements.sex, agreements.curp)
    if any(agreement.sign is Sign.DIFFERENT for agreement in decisive):
        return Likelihood.POSSIBLE if total >= LEAST_WITH_FULL_DATE else Likelihood.DOUBTFUL
    if agreements.curp.sign is Sign.EQUAL:
        return Likelihood.VERY_LIKELY
    if birth.sign is Sign.EQUAL and not birth.notes and total >= LEAST_WITH_FULL_DATE:
        return Likelihood.VERY_LIKELY
    names_sound_alike = all(
        name.sign is Sign.EQUAL or name.notes == (Note.SOUNDS_ALIKE,)
        for name in (agreements.surnames, agreements.given)
    )
    agrees_on_year_and_state = birth.sign is Sign.EQUAL and agreements.state.sign is Sign.EQUAL
    if names_sound_alike and agrees_on_year_and_state and total >= LEAST_WITH_YEAR_AND_STATE:
        return Likelihood.VERY_LIKELY
    return Likelihood.POSSIBLE


def _build_rows(
    query: PersonQuery, candidate: Candidate, name: PersonName, agreements: Agreements
) -> Iterable[EvidenceRow]:
    phone = _matching_phone(query.phone, candidate.phones)
    texts = {
        Field.SURNAMES: (_surnames(query.name), _surnames(name)),
        Field.GIVEN: (query.name.given.strip(), name.given.strip()),
        Field.BIRTH: (_iso(query.birth), _iso(candidate.birth)),
        Field.STATE: (query.birth_state or "", candidate.birth_state or ""),
        Field.SEX: (query.sex or "", candidate.sex or ""),
        Field.CURP: (query.curp, candidate.curp),
        Field.PHONE: (mask_phone(query.phone), mask_phone(phone)),
        Field.MOTHER: (query.mother.strip(), candidate.mother.strip()),
    }
    always = {Field.SURNAMES, Field.GIVEN, Field.BIRTH, Field.STATE}
    with_letters = {Field.SURNAMES, Field.GIVEN, Field.CURP, Field.MOTHER}
    for (field, (said, registered)), agreement in zip(texts.items(), agreements, strict=True):
        if field not in always and not (said or registered):
            continue
        marks_letters = (
            field in with_letters
            and agreement.sign is Sign.SIMILAR
            and not {Note.SWAPPED_SURNAMES, Note.OTHER_ORDER, Note.HYPOCORISTIC} & set(agreement.notes)
        )
        spans: tuple[Spans, Spans] = find_differing_letters(said, registered) if marks_letters else ((), ())
        yield EvidenceRow(field, agreement.sign, said, registered, *spans, agreement.notes)


def _surnames(name: PersonName) -> str:
    return f"{name.first_surname.strip()} {name.second_surname.strip()}".strip()


def _iso(birth: PartialDate | None) -> str:
    return birth.isoformat() if birth else ""


def _matching_phone(said: str, registered: tuple[str, ...]) -> str:
    """The number that agrees, else the first known."""
    digits = fields.phone_digits(said)
    matching = [number for number in registered if fields.phone_digits(number) == digits]
    return (matching or list(registered) or [""])[0]
