"""The sealed parts of counselling: what each row seals under its person's key, and how it is opened again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from puente.counselling.facts import MOST_NEVER_SEND
from puente.people.sealed import seal_note, unseal_note

_SKILLS = "counselling_workprofile.skills"
_NEVER_SEND = "counselling_workprofile.never_send"
_WORDS = "counselling_pastjob.words"
_EMPLOYER = "counselling_pastjob.employer"
_LONGEST_CODE = 5


def seal_skills(key: bytes, profile_id: UUID, skills: Sequence[str]) -> bytes:
    """Seal what a person knows how to do, in their words."""
    return seal_note(key, _SKILLS, profile_id, list(skills))


def unseal_skills(key: bytes, profile_id: UUID, sealed: bytes | memoryview) -> tuple[str, ...]:
    """Return what `seal_skills` sealed; raises SealBroken."""
    return tuple(unseal_note(key, _SKILLS, profile_id, bytes(sealed)))


def seal_never_send(key: bytes, profile_id: UUID, codes: Sequence[str]) -> bytes:
    """Seal the places where a person must never be sent, always at the same length."""
    padded = [code.ljust(_LONGEST_CODE) for code in codes] + [" " * _LONGEST_CODE] * (MOST_NEVER_SEND - len(codes))
    return seal_note(key, _NEVER_SEND, profile_id, padded)


def unseal_never_send(key: bytes, profile_id: UUID, sealed: bytes | memoryview) -> tuple[str, ...]:
    """Return what `seal_never_send` sealed; raises SealBroken."""
    return tuple(filter(None, (code.strip() for code in unseal_note(key, _NEVER_SEND, profile_id, bytes(sealed)))))


def seal_words(key: bytes, job_id: UUID, words: str) -> bytes:
    """Seal what somebody calls the work they did: nobody knows what else stands in free text."""
    return seal_note(key, _WORDS, job_id, words)


def unseal_words(key: bytes, job_id: UUID, sealed: bytes | memoryview) -> str:
    """Return what `seal_words` sealed; raises SealBroken."""
    return str(unseal_note(key, _WORDS, job_id, bytes(sealed)))


def seal_employer(key: bytes, job_id: UUID, employer: str) -> bytes:
    """Seal for whom and where somebody worked."""
    return seal_note(key, _EMPLOYER, job_id, employer)


def unseal_employer(key: bytes, job_id: UUID, sealed: bytes | memoryview) -> str:
    """Return what `seal_employer` sealed; raises SealBroken."""
    return str(unseal_note(key, _EMPLOYER, job_id, bytes(sealed)))


def seal_introduction(key: bytes, introduction_id: UUID, sent: dict[str, Any]) -> bytes:
    """Seal exactly what an employer was told."""
    return seal_note(key, "counselling_introduction", introduction_id, sent)


def unseal_introduction(key: bytes, introduction_id: UUID, sealed: bytes | memoryview) -> dict[str, Any]:
    """Return what `seal_introduction` sealed; raises SealBroken."""
    return dict(unseal_note(key, "counselling_introduction", introduction_id, bytes(sealed)))


def seal_outcome_note(key: bytes, outcome_id: UUID, note: str) -> bytes:
    """Seal what a person told in a follow-up."""
    return seal_note(key, "counselling_outcome", outcome_id, note)


def unseal_outcome_note(key: bytes, outcome_id: UUID, sealed: bytes | memoryview) -> str:
    """Return what `seal_outcome_note` sealed; raises SealBroken."""
    return str(unseal_note(key, "counselling_outcome", outcome_id, bytes(sealed)))


def seal_sheet(key: bytes, sheet_id: UUID, content: dict[str, Any]) -> bytes:
    """Seal what "Mis opciones" says, with the code of its phone page."""
    return seal_note(key, "counselling_sheet", sheet_id, content)


def unseal_sheet(key: bytes, sheet_id: UUID, sealed: bytes | memoryview) -> dict[str, Any]:
    """Return what `seal_sheet` sealed; raises SealBroken."""
    return dict(unseal_note(key, "counselling_sheet", sheet_id, bytes(sealed)))
