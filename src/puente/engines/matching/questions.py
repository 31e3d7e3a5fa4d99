"""What is still to be asked before a shortlisted opening is certain."""

import math

from puente.engines.matching.constraints import RULE_AT, WORD_BITS
from puente.engines.matching.index import OpeningIndex
from puente.engines.matching.openings import UNKNOWN, Kind
from puente.engines.matching.profile import PersonProfile, find_unanswered
from puente.engines.matching.reasons import Question, QuestionCode


def find_questions(profile: PersonProfile, openings: OpeningIndex, row: int, best_job: int) -> tuple[Question, ...]:
    """Return the questions that one opening leaves open: of the person first, then of the employer.

    best_job is the number of the past job that the value rests on, or -1.
    """
    columns, table = openings.columns, openings.table
    questions = _find_unanswered_rules(profile, openings, row)
    unsettled = {
        QuestionCode.AGE: profile.age is None
        and (table.minimum_age[row] != UNKNOWN or table.maximum_age[row] != UNKNOWN),
        QuestionCode.HOUSEHOLD: profile.household_size is None
        and table.housing[row]
        and table.household_places[row] != UNKNOWN,
        QuestionCode.HOURS: profile.max_hours is None and not math.isnan(table.hours[row]),
        QuestionCode.WAGE: profile.wage_floor is None and not math.isnan(columns.wage[row]),
        QuestionCode.PLACES: not profile.places,
        QuestionCode.JOBS: not profile.jobs,
    }
    questions += [Question(code) for code, is_open in unsettled.items() if is_open]
    if best_job >= 0 and not profile.jobs[best_job].confirmed:
        questions.append(Question(QuestionCode.JOB_CODE, profile.jobs[best_job].sinco))
    unsaid = {
        QuestionCode.EMPLOYER_WAGE: table.kind[row] == Kind.VACANCY and math.isnan(table.wage[row]),
        QuestionCode.EMPLOYER_HOURS: math.isnan(table.hours[row]),
        QuestionCode.EMPLOYER_PLACE: table.municipality[row] == UNKNOWN,
        QuestionCode.EMPLOYER_HOUSEHOLD_PLACES: table.housing[row] and table.household_places[row] == UNKNOWN,
        QuestionCode.EMPLOYER_OCCUPATION: table.sinco[row] == UNKNOWN,
    }
    return tuple(questions + [Question(code) for code, is_open in unsaid.items() if is_open])


def _find_unanswered_rules(profile: PersonProfile, openings: OpeningIndex, row: int) -> list[Question]:
    asked = (int(openings.columns.asked_first[row]), int(openings.columns.asked_second[row]))
    questions = []
    for word, (asks, unanswered) in enumerate(zip(asked, find_unanswered(profile), strict=True)):
        rest = asks & unanswered
        while rest:
            lowest = rest & -rest
            rule, detail = RULE_AT[word * WORD_BITS + lowest.bit_length() - 1]
            questions.append(Question(QuestionCode(rule.value), detail))
            rest ^= lowest
    return questions
