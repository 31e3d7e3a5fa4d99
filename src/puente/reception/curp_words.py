"""The words of a CURP review: what to look at, never a reason to stop."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puente.engines.curp import CurpState, Problem, ProblemCode

STATES: dict[CurpState, str | Promise] = {
    CurpState.NOT_SHOWN: gettext_lazy("not shown"),
    CurpState.DECLARED: gettext_lazy("declared"),
    CurpState.WELL_FORMED: gettext_lazy("well formed"),
    CurpState.VERIFIED: gettext_lazy("verified by the registry"),
}
PROBLEMS: dict[ProblemCode, str | Promise] = {
    ProblemCode.WRONG_LENGTH: gettext_lazy("A CURP has 18 characters"),
    ProblemCode.BAD_CHARACTER: gettext_lazy("A character does not belong at its place"),
    ProblemCode.INCONVENIENT_WORD: gettext_lazy("The registry writes X as the second letter here"),
    ProblemCode.IMPOSSIBLE_DATE: gettext_lazy("The date in it does not exist"),
    ProblemCode.FUTURE_DATE: gettext_lazy("The date in it has not come yet: look at character 17"),
    ProblemCode.UNKNOWN_SEX: gettext_lazy("The letter of the sex is H, M or X"),
    ProblemCode.UNKNOWN_STATE: gettext_lazy("The two letters of the state do not exist"),
    ProblemCode.WRONG_CHECK_DIGIT: gettext_lazy("The last digit does not fit: a character was read wrong"),
    ProblemCode.DIFFERS_FROM_FIRST_SURNAME: gettext_lazy("It differs from the first surname"),
    ProblemCode.DIFFERS_FROM_SECOND_SURNAME: gettext_lazy("It differs from the second surname"),
    ProblemCode.DIFFERS_FROM_GIVEN_NAME: gettext_lazy("It differs from the given name"),
    ProblemCode.DIFFERS_FROM_BIRTH_DATE: gettext_lazy("It differs from the birth date"),
    ProblemCode.DIFFERS_FROM_SEX: gettext_lazy("It differs from the sex"),
    ProblemCode.DIFFERS_FROM_BIRTH_STATE: gettext_lazy("It differs from the state of birth"),
}


def describe_state(state: CurpState) -> str:
    """Return the word for what is known of a CURP."""
    return str(STATES[state])


def describe_problem(problem: Problem) -> str:
    """Return one remark, with the places to look at."""
    text = str(PROBLEMS[problem.code])
    if not problem.positions:
        return text
    return _("%(remark)s (character %(places)s)") % {
        "remark": text,
        "places": ", ".join(map(str, problem.positions)),
    }
