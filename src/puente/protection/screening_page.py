"""The page of a reading in words: why it says what it says, and what is still open."""

from itertools import pairwise
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puente.engines.screening import Answer, DimensionReading, Indicator, Outcome, Reading
from puente.people.catalogue import languages
from puente.protection.forms.screenings import PICKED_LABELS
from puente.protection.screening_content import htcds_values
from puente.protection.screening_wording import (
    ADVICE,
    AGES,
    ANSWERS,
    BASES,
    CLAUSES,
    CONSENTS,
    DIMENSIONS,
    INTERPRETERS,
    OUTCOMES,
    STRENGTHS,
    Words,
    describe_wait,
)
from puente.protection.screenings import Screening
from puente.protection.selectors.screenings import list_legal_forms, name_officers


def describe_reading(screening: Screening, read: Reading) -> dict[str, Any]:
    """Return a reading in words: the outcome, each dimension with its reasons, and what is open."""
    language = get_language() or "es"
    by_id = {indicator.id: indicator for indicator in screening.indicators}

    def say(names: tuple[str, ...]) -> list[str]:
        return [by_id[name].label.say(language) for name in names]

    return {
        "outcome": OUTCOMES[read.outcome],
        "advice": ADVICE[read.outcome],
        "basis": BASES[read.basis],
        "is_presumed": read.outcome is Outcome.PRESUMED_VICTIM,
        "is_nothing": read.outcome is Outcome.NO_INDICATOR,
        "has_basis": read.outcome not in (Outcome.NO_INDICATOR, Outcome.FLAG),
        "reinforced_by": [DIMENSIONS[each] for each in read.reinforced_by],
        "dimensions": [_describe_dimension(screening, each, by_id) for each in read.dimensions],
        "turns": [
            {"outcome": OUTCOMES[outcome], "labels": say(names)} for outcome, names in _group_turns(read).items()
        ],
        "unknown": say(read.unknown),
        "not_asked_count": len(read.not_asked),
        "at_most": OUTCOMES[read.at_most] if read.may_change else "",
    }


def _group_turns(read: Reading) -> dict[Outcome, tuple[str, ...]]:
    """Return the indicators that would change a reading, by what they would make of it, the gravest first."""
    outcomes = sorted({turn.outcome for turn in read.turns}, key=lambda outcome: -outcome.rank)
    return {outcome: tuple(turn.indicator for turn in read.turns if turn.outcome is outcome) for outcome in outcomes}


def _describe_dimension(screening: Screening, reading: DimensionReading, by_id: dict[str, Indicator]) -> dict[str, Any]:
    return {
        "code": reading.dimension.value,
        "title": DIMENSIONS[reading.dimension],
        "is_positive": reading.is_positive,
        "is_flagged": reading.is_flagged,
        "clause": CLAUSES[reading.clause] if reading.clause else "",
        "open_count": len(reading.open),
        "lines": [
            _describe_answer(screening, indicator, indicator.id in reading.decided_by)
            for indicator in by_id.values()
            if indicator.dimension is reading.dimension and indicator.id in screening.histories
        ],
    }


def _describe_answer(screening: Screening, indicator: Indicator, is_decisive: bool) -> dict[str, Any]:
    history = screening.histories[indicator.id]
    return {
        "id": indicator.id,
        "label": indicator.label.say(get_language() or "es"),
        "strength": STRENGTHS[indicator.strength],
        "answer": ANSWERS[history[-1].answer],
        "is_found": history[-1].answer is Answer.YES,
        "is_decisive": is_decisive,
        "corrections": [
            {"earlier": ANSWERS[before.answer], "at": after.at, "reason": after.reason}
            for before, after in pairwise(history)
        ][::-1],
    }


def describe_facts(screening: Screening) -> list[tuple[Words, Words]]:
    """Return how a screening was held and what happened, line by line."""
    setting = screening.setting
    wait = screening.time_to_respond
    entry = languages().get(setting.language)
    facts: list[tuple[Words, Words]] = [
        (_("Place"), setting.place),
        (_("Age"), AGES[setting.age_basis]),
        (_("Consent"), CONSENTS[setting.consent_by]),
        (_("Alone with the officer"), _("Yes") if setting.is_private else _("No")),
        (_("Language"), entry.label if entry else setting.language),
        (_("Interpreter"), INTERPRETERS[setting.interpreter]),
        (_("From hand-over to screening"), describe_wait(wait) if wait else _("Nobody handed the person over")),
        (_("Version of the questions"), f"{screening.version} ({screening.digest})"),
    ]
    if screening.story:
        language = get_language() or "es"
        forms = {form.code: form.label for form in list_legal_forms()}
        named = [forms.get(code, code) for code in screening.story.legal_forms]
        facts.append((_("Somebody recruited, moved or received the person"), ANSWERS[screening.story.act]))
        if named:
            facts.append((_("Forms that the law names"), "; ".join(named)))
        for name, values in screening.story.picked.items():
            words = htcds_values()[name]
            facts.append((PICKED_LABELS[name], "; ".join(words[value].say(language) for value in values)))
    return facts


def describe_conclusions(screening: Screening) -> list[dict[str, Any]]:
    """Return how officers read a screening, the latest first."""
    officers = name_officers(conclusion.by for conclusion in screening.conclusions)
    return [
        {
            "conclusion": conclusion,
            "officer": officers.get(conclusion.by, ""),
            "own": OUTCOMES[conclusion.officer],
            "tool": OUTCOMES[conclusion.tool],
        }
        for conclusion in reversed(screening.conclusions)
    ]
