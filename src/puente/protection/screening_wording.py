"""How screenings are said. Every word of a reading is "presumed": the tool finds nothing out, it asks for care."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from puente.engines.screening import (
    AgeBasis,
    Answer,
    Basis,
    Clause,
    Dimension,
    Effect,
    IndicatorSet,
    Level,
    Outcome,
    Strength,
)
from puente.protection.screenings import ConsentGiver, Interpreter

Words = str | Promise

SETS: dict[IndicatorSet, Words] = {
    IndicatorSet.ADULT_LABOUR: _("Adult, labour exploitation"),
    IndicatorSet.CHILD_LABOUR: _("Child or adolescent, labour exploitation"),
    IndicatorSet.ADULT_SEXUAL: _("Adult, sexual exploitation"),
    IndicatorSet.CHILD_SEXUAL: _("Child or adolescent, sexual exploitation"),
}
DIMENSIONS: dict[Dimension, Words] = {
    Dimension.DECEPTIVE_RECRUITMENT: _("Deception at recruitment"),
    Dimension.COERCIVE_RECRUITMENT: _("Coercion at recruitment"),
    Dimension.RECRUITMENT_BY_VULNERABILITY: _("Abuse of vulnerability at recruitment"),
    Dimension.EXPLOITATION: _("Exploitation"),
    Dimension.COERCION: _("Coercion at the destination"),
    Dimension.VULNERABILITY_AT_DESTINATION: _("Abuse of vulnerability at the destination"),
}
INTRODUCTIONS: dict[Dimension, Words] = {
    Dimension.DECEPTIVE_RECRUITMENT: _("How it began: was the person told something that was not true?"),
    Dimension.COERCIVE_RECRUITMENT: _("How it began: was the person forced or threatened to go?"),
    Dimension.RECRUITMENT_BY_VULNERABILITY: _("How it began: did somebody take advantage of the person's situation?"),
    Dimension.EXPLOITATION: _("What the person had to do, and in what conditions."),
    Dimension.COERCION: _("Was the person kept there by force, debt or threats?"),
    Dimension.VULNERABILITY_AT_DESTINATION: _("Was the person's situation there used to keep them?"),
}
ANSWERS: dict[Answer, Words] = {
    Answer.YES: pgettext_lazy("indicator", "Found"),
    Answer.NO: pgettext_lazy("indicator", "Not found"),
    Answer.UNKNOWN: pgettext_lazy("indicator", "Not known"),
}
STRENGTHS: dict[Strength, Words] = {
    Strength.STRONG: pgettext_lazy("indicator", "strong"),
    Strength.MEDIUM: pgettext_lazy("indicator", "medium"),
    Strength.WEAK: pgettext_lazy("indicator", "weak"),
}
OUTCOMES: dict[Outcome, Words] = {
    Outcome.NO_INDICATOR: _("No indicator was found"),
    Outcome.FLAG: _("Warning sign: some indicator was found"),
    Outcome.EXPLOITED: _("Presumably exploited"),
    Outcome.ABUSED_AND_EXPLOITED: _("Presumably exploited, with abuse of vulnerability"),
    Outcome.DECEIVED_AND_EXPLOITED: _("Presumably deceived and exploited"),
    Outcome.PRESUMED_VICTIM: _("Presumed victim of trafficking"),
}
ADVICE: dict[Outcome, Words] = {
    Outcome.NO_INDICATOR: _("It proves nothing: many people tell later, or tell somebody else. Say how to come back."),
    Outcome.FLAG: _("One sign is not enough to presume, and enough to stay attentive. Ask again later."),
    Outcome.EXPLOITED: _("It may be a labour-rights case. Offer legal advice, and watch for control or deception."),
    Outcome.ABUSED_AND_EXPLOITED: _(
        "Somebody took advantage of the person's situation. Have a second officer look at it, and offer legal advice."
    ),
    Outcome.DECEIVED_AND_EXPLOITED: _("Offer legal advice and protection, and ask again what kept the person there."),
    Outcome.PRESUMED_VICTIM: _(
        "Offer protection now, and referral to the victims' authority. Only an authority decides who is a victim."
    ),
}
BASES: dict[Basis, Words] = {
    Basis.ILLUSTRATION: _("Read as the ILO shows it in its example."),
    Basis.VULNERABILITY_STANDS_IN: _("Abuse of vulnerability stands in for means that were not found."),
    Basis.COERCION_AT_ONE_END: _("There was coercion at one end of the story, and that is enough."),
    Basis.CHILD: _("For a child or adolescent no means is needed: to have been exploited is enough."),
}
CLAUSES: dict[Clause, Words] = {
    Clause.TWO_STRONG: _("two strong indicators or more"),
    Clause.STRONG_AND_OTHER: _("one strong indicator and at least one other"),
    Clause.THREE_MEDIUM: _("three medium indicators or more"),
    Clause.TWO_MEDIUM_AND_WEAK: _("two medium indicators and a weak one"),
}
AGES: dict[AgeBasis, Words] = {
    AgeBasis.ADULT: _("18 or over"),
    AgeBasis.CHILD: _("Under 18"),
    AgeBasis.IN_DOUBT: _("In doubt: asked as a child"),
}
INTERPRETERS: dict[Interpreter, Words] = {
    Interpreter.NONE: _("No interpreter was needed"),
    Interpreter.PRESENT: _("An interpreter is here"),
    Interpreter.REMOTE: _("An interpreter by telephone or video"),
}
CONSENTS: dict[ConsentGiver, Words] = {
    ConsentGiver.PERSON: _("The person"),
    ConsentGiver.GUARDIAN: _("Mother, father or guardian, and the child agrees"),
    ConsentGiver.AUTHORITY: _("The child-protection authority, and the child agrees"),
}
LEVELS: dict[Level, Words] = {
    Level.INDIVIDUAL: _("Of the person"),
    Level.HOUSEHOLD: _("Of the family"),
    Level.COMMUNITY: _("Of the community"),
    Level.STRUCTURAL: _("Of the country and its institutions"),
}
EFFECTS: dict[Effect, Words] = {Effect.RISK: _("Risk"), Effect.PROTECTIVE: _("Protects")}


def describe_wait(wait: timedelta) -> str:
    """Say how long it took, in the largest unit that tells enough."""
    minutes = int(wait.total_seconds() // 60)
    if minutes < 90:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = round(minutes / (24 * 60))
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
