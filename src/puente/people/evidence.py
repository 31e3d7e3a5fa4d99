"""The words of a comparison: what agrees and what differs between what is said today and the registry.

The desk of arrivals shows the same rows; `candidates.py` builds the whole list from them.
"""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from puente.engines.identity import evidence
from puente.engines.identity.birth import PartialDate
from puente.engines.identity.evidence import Field, Likelihood
from puente.engines.identity.fields import Note, Sign
from puente.engines.identity.similarity import Spans
from puente.people.models import Person
from puente.people.selectors.search import HIDDEN
from puente.web.dates import PrecisionDate
from puente.web.parts import EvidenceRow

Words = str | Promise

VERDICTS = {Sign.EQUAL: "same", Sign.SIMILAR: "similar", Sign.DIFFERENT: "different", Sign.MISSING: "missing"}
FIELDS: dict[Field, Words] = {
    Field.SURNAMES: gettext_lazy("Surnames"),
    Field.GIVEN: gettext_lazy("Given name"),
    Field.BIRTH: gettext_lazy("Birth"),
    Field.STATE: gettext_lazy("State"),
    Field.SEX: gettext_lazy("Sex"),
    Field.CURP: gettext_lazy("CURP"),
    Field.PHONE: gettext_lazy("Phone"),
    Field.MOTHER: gettext_lazy("Mother"),
}
LIKELIHOODS: dict[Likelihood, Words] = {
    Likelihood.VERY_LIKELY: pgettext_lazy("candidate", "Very likely"),
    Likelihood.POSSIBLE: pgettext_lazy("candidate", "Possible"),
    Likelihood.DOUBTFUL: pgettext_lazy("candidate", "Doubtful"),
}
NOTES: dict[Note, Words] = {
    Note.SOUNDS_ALIKE: gettext_lazy("sounds the same"),
    Note.SPELLING: gettext_lazy("a letter differs"),
    Note.PARTICLES_DIFFER: gettext_lazy("“de”, “la” differ"),
    Note.SWAPPED_SURNAMES: gettext_lazy("surnames in the other order"),
    Note.ONE_SURNAME_MISSING: gettext_lazy("one surname is missing"),
    Note.ONE_SURNAME_DIFFERS: gettext_lazy("one surname differs"),
    Note.HYPOCORISTIC: gettext_lazy("short form of the same name"),
    Note.GIVEN_NAME_MISSING: gettext_lazy("a given name is missing"),
    Note.OTHER_ORDER: gettext_lazy("names in the other order"),
    Note.STILL_TYPING: gettext_lazy("still being written"),
    Note.DAY_MONTH_SWAPPED: gettext_lazy("day and month swapped"),
    Note.FIRST_OF_JANUARY: gettext_lazy("1 January is often written when nobody knew"),
    Note.OTHER_DAY: gettext_lazy("another day"),
    Note.OTHER_YEAR: gettext_lazy("another year"),
    Note.YEAR_ONE_OFF: gettext_lazy("one year apart"),
    Note.ESTIMATED_YEAR: gettext_lazy("the year was estimated"),
    Note.ASK_THE_DAY: gettext_lazy("ask for the day"),
    Note.NO_DAY_REGISTERED: gettext_lazy("the registry has no day"),
    Note.ONE_CHARACTER: gettext_lazy("one character differs"),
    Note.MAY_HAVE_CHANGED: gettext_lazy("may have changed"),
    Note.ASK_TO_CONFIRM: gettext_lazy("a good question to confirm"),
    Note.ALIAS: gettext_lazy("another name of the person"),
}


ONLY_IF_SAID = (Field.SEX, Field.CURP)
SEXES: dict[str, Words] = {
    Person.Sex.FEMALE: gettext_lazy("Woman"),
    Person.Sex.MALE: gettext_lazy("Man"),
    Person.Sex.X: gettext_lazy("X (non-binary)"),
    Person.Sex.UNKNOWN: gettext_lazy("Not known"),
}


def describe_rows(comparison: evidence.Comparison, states: Mapping[str, str]) -> list[EvidenceRow]:
    """Return the rows to show; `states` names the state codes.

    Sex and CURP have a row only where they were said: nobody asks for them to find somebody.
    """
    return [_describe(row, states) for row in comparison.rows if row.said or row.field not in ONLY_IF_SAID]


def describe_birth(birth: PartialDate | None) -> str:
    """Return a birth date in the reader's words: "14 mar 1992", "1992 (no day)", "about 1966"."""
    if birth is None:
        return ""
    is_estimated = birth.precision == "estimated"
    return str(PrecisionDate(birth.year, birth.month, birth.day, is_estimated))


def _describe(row: evidence.EvidenceRow, states: Mapping[str, str]) -> EvidenceRow:
    show = _shower(row.field, states)
    note = ", ".join(str(NOTES[note]) for note in row.notes)
    known: Words = row.registered
    if row.registered == HIDDEN:
        known, note = _("hidden"), note or _("another office has it")
    elif row.registered:
        known = _mark(show(row.registered), row.registered_spans)
    said = _mark(show(row.said), row.said_spans) if row.said else ""
    return EvidenceRow(VERDICTS[row.sign], FIELDS[row.field], said, known, note)


def _shower(field: Field, states: Mapping[str, str]) -> Callable[[str], str]:
    if field is Field.BIRTH:
        return lambda text: describe_birth(PartialDate.from_iso(text))
    if field is Field.STATE:
        return lambda code: states.get(code, code)
    if field is Field.SEX:
        return lambda code: str(SEXES.get(code, code))
    return str


def _mark(text: str, spans: Spans) -> SafeString | str:
    if not spans:
        return text
    pieces: list[tuple[str, str]] = []
    at = 0
    for start, end in spans:
        pieces += [("", text[at:start]), ("differs", text[start:end])]
        at = end
    pieces.append(("", text[at:]))
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="differs">{}</span>', piece) if kind else piece,)
            for kind, piece in pieces
            if piece
        ),
    )


def describe_unknown() -> str:
    """Return the name of a person without one."""
    return _("No established identity")
