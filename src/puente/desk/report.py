"""The monthly report for the migration institute, as plain tables: aggregates alone, small numbers hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puente.desk.charts import name_age
from puente.desk.models import Pilot
from puente.desk.selectors.figures import Figures, PilotFigures
from puente.engines.disclosure import THRESHOLD, Merged, merge_small, round_count, suppress
from puente.offices.models import Office, ReceptionPoint, State
from puente.people.evidence import SEXES
from puente.reception.selectors.figures import AGE_GROUPS

#: Stands for a number that is small, or that would give a small one away.
HIDDEN = "*"

Value = str | int


@dataclass(frozen=True)
class Table:
    """One table of the report; the first column holds words."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]
    note: str = ""


@dataclass(frozen=True)
class Report:
    """The report of one month."""

    title: str
    office: str
    month: str
    note: str
    tables: Sequence[Table]


def build_report(office: Office, figures: Figures, pilot: Pilot | None, pilot_figures: PilotFigures | None) -> Report:
    """Return the report of the month of some figures; nothing in it tells a number below the threshold."""
    tables = [
        _tell_sexes(figures),
        _tell_points(figures),
        _tell_states(figures),
        _tell_waits(figures),
        _tell_needs(figures),
        _tell_introductions(figures),
    ]
    if pilot is not None and pilot_figures is not None:
        tables.append(_tell_pilot(pilot, pilot_figures))
        if pilot_figures.follow_ups:
            tables.append(_tell_follow_ups(pilot_figures))
    return Report(
        title=_("Monthly report"),
        office=office.label,
        month=figures.period.label,
        note=_("%(mark)s Fewer than %(threshold)s, or withheld so that no such number can be worked out.")
        % {"mark": HIDDEN, "threshold": THRESHOLD},
        tables=tables,
    )


def _tell_sexes(figures: Figures) -> Table:
    found = figures.arrivals.by_sex_and_age
    # Nobody stands in an empty row or column, so leaving it out gives nobody away and saves the others from hiding.
    ages = [age for age in AGE_GROUPS if any(number for (_sex, of), number in found.items() if of == age)]
    groups = {
        name: [sum(found.get((sex, age), 0) for sex in sexes) for age in ages]
        for name, sexes in (
            (str(SEXES["F"]), ("F",)), (str(SEXES["M"]), ("M",)), (_("X or not known"), ("X", "U")),
        )
    }  # fmt: skip
    groups = {name: cells for name, cells in groups.items() if any(cells)}
    header = [_("Sex"), *(name_age(age) for age in ages), _("Total")]
    title = _("Arrivals by sex and age")
    if not groups:
        return Table(title, header, [[_("Total"), HIDDEN]])
    shown = suppress(list(groups.values()), THRESHOLD)
    rows: list[list[Value]] = [
        [name, *map(_show, cells), _show(total)]
        for name, cells, total in zip(groups, shown.cells, shown.row_totals, strict=True)
    ]
    rows.append([_("Total"), *map(_show, shown.column_totals), _show(shown.total)])
    return Table(title, header, rows)


def _tell_points(figures: Figures) -> Table:
    names = {point.pk: point.label for point in ReceptionPoint.objects.filter(pk__in=figures.arrivals.by_point)}
    merged = merge_small(figures.arrivals.by_point, THRESHOLD)
    return _tell_merged(_("Arrivals by reception point"), _("Reception point"), merged, names)


def _tell_states(figures: Figures) -> Table:
    names = {**dict(State.objects.values_list("pk", "name")), "": pgettext("figure", "not known")}
    merged = merge_small(figures.arrivals.by_state, THRESHOLD)
    return _tell_merged(_("Arrivals by state of origin"), _("State"), merged, names)


def _tell_needs(figures: Figures) -> Table:
    counts = dict(figures.open_needs)
    merged = merge_small(counts, THRESHOLD)
    return _tell_merged(
        _("Open needs"), _("Kind of need"), merged, {name: name for name in counts}, _("On the day of this report.")
    )


def _tell_merged(title: str, first: str, merged: Merged[str], names: dict[str, str], note: str = "") -> Table:
    rows: list[list[Value]] = [[names[code], number] for code, number in merged.kept]
    if merged.others is not None:
        rows.append([_("All others"), merged.others])
    rows.append([_("Total"), _show(merged.total)])
    return Table(title, [first, pgettext("count", "Number")], rows, note)


def _tell_waits(figures: Figures) -> Table:
    rows: list[list[Value]] = [
        [str(wait.stage.label), wait.people, round(wait.median), round(wait.ninth_decile)]
        if wait.people >= THRESHOLD
        else [str(wait.stage.label), HIDDEN, HIDDEN, HIDDEN]
        for wait in figures.waits
    ]
    header = [_("Stage"), _("People"), _("Median, minutes"), _("9 of 10 within, minutes")]
    return Table(_("Time in each stage"), header, rows, _("From entering a stage to leaving it."))


def _tell_introductions(figures: Figures) -> Table:
    _month, sent, hired = figures.introductions[-1]
    rows: list[list[Value]] = [
        [_("Introductions to employers"), _show_large(sent)],
        [_("Hires"), _show_large(hired)],
    ]
    return Table(_("Work"), [_("In the month"), pgettext("count", "Number")], rows)


def _tell_pilot(pilot: Pilot, figures: PilotFigures) -> Table:
    names = dict(State.objects.filter(pk__in=pilot.states).values_list("pk", "name"))
    rows: list[list[Value]] = [
        [str(value.indicator.label), _show(round_count(value.people, THRESHOLD)), value.target or ""]
        for value in figures.values
    ]
    note = _("Counted since the pilot began, rounded to %(base)s. States: %(states)s.") % {
        "base": THRESHOLD, "states": ", ".join(sorted(names.values())),
    }  # fmt: skip
    return Table(pilot.name, [_("Indicator"), _("People"), _("Target")], rows, note)


def _tell_follow_ups(figures: PilotFigures) -> Table:
    rows: list[list[Value]] = [
        [
            ngettext("%(month)s month", "%(month)s months", found.month) % {"month": found.month},
            _show(round_count(found.due, THRESHOLD)),
            _show(round_count(found.on_time, THRESHOLD)),
        ]
        for found in figures.follow_ups
    ]
    note = _("Since the pilot began, rounded to %(base)s.") % {"base": THRESHOLD}
    return Table(_("Follow-ups"), [_("After"), _("Due"), _("On time")], rows, note)


def _show(number: int | None) -> Value:
    return HIDDEN if number is None else number


def _show_large(number: int) -> Value:
    return number if number >= THRESHOLD else HIDDEN
