"""What is still to be asked before a shortlisted opening is certain."""

import math

from puente.engines.matching.constraints import RULE_AT, WORD_BITS
from puente.engines.matching.index import OpeningFacts
from puente.engines.matching.openings import UNKNOWN, Kind
from puente.engines.matching.profile import PastJob, PersonProfile
from puente.engines.matching.reasons import Question, QuestionCode


def find_questions(
    profile: PersonProfile, unanswered: tuple[int, int], opening: OpeningFacts, past_job: PastJob | None
) -> tuple[Question, ...]:
    """Return the questions that one opening leaves open: of the person first, then of the employer.

    Arguments: the profile, its `find_unanswered`, the opening, and the past job that the value rests on.
    """
    is_paid = opening.kind == Kind.VACANCY
    has_wage, has_hours = not math.isnan(opening.wage), not math.isnan(opening.hours)
    questions = _find_unanswered_rules(unanswered, opening)
    if profile.age is None and (opening.minimum_age != UNKNOWN or opening.maximum_age != UNKNOWN):
        questions.append(Question(QuestionCode.AGE))
    if profile.household_size is None and opening.housing and opening.household_places != UNKNOWN:
        questions.append(Question(QuestionCode.HOUSEHOLD))
    if profile.max_hours is None and has_hours:
        questions.append(Question(QuestionCode.HOURS))
    if profile.wage_floor is None and is_paid and has_wage:
        questions.append(Question(QuestionCode.WAGE))
    if not profile.places:
        questions.append(Question(QuestionCode.PLACES))
    if not profile.jobs:
        questions.append(Question(QuestionCode.JOBS))
    if past_job is not None and not past_job.confirmed:
        questions.append(Question(QuestionCode.JOB_CODE, past_job.sinco))
    if is_paid and not has_wage:
        questions.append(Question(QuestionCode.EMPLOYER_WAGE))
    if not has_hours:
        questions.append(Question(QuestionCode.EMPLOYER_HOURS))
    if opening.municipality == UNKNOWN:
        questions.append(Question(QuestionCode.EMPLOYER_PLACE))
    if opening.housing and opening.household_places == UNKNOWN:
        questions.append(Question(QuestionCode.EMPLOYER_HOUSEHOLD_PLACES))
    if opening.sinco == UNKNOWN:
        questions.append(Question(QuestionCode.EMPLOYER_OCCUPATION))
    return tuple(questions)


def _find_unanswered_rules(unanswered: tuple[int, int], opening: OpeningFacts) -> list[Question]:
    questions = []
    for word, asks in enumerate((opening.asked_first, opening.asked_second)):
        rest = asks & unanswered[word]
        while rest:
            lowest = rest & -rest
            rule, detail = RULE_AT[word * WORD_BITS + lowest.bit_length() - 1]
            questions.append(Question(QuestionCode(rule.value), detail))
            rest ^= lowest
    return questions
