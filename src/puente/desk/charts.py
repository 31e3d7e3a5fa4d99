"""The figures of a period as charts; each title says what is found, and the table stands behind it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puente.desk.selectors.figures import Figures, PilotFigures
from puente.offices.models import ReceptionPoint, State
from puente.people.evidence import SEXES
from puente.reception.selectors.figures import AGE_GROUPS
from puente.web.charts import Chart, Series, draw_bars, draw_columns, draw_lines, draw_stacked
from puente.web.maps import draw_states_map
from puente.web.templatetags.components import NON_BREAKING_SPACE

SEX_ORDER = ("F", "M", "X", "U")
#: Two charts stand side by side on the narrowest desk, 1366 pixels.
WIDTH = 432


def draw_figures(figures: Figures) -> dict[str, Chart]:
    """Return the charts of a period by name, in the order shown."""
    return {name: draw(figures) for name, draw in CHARTS.items()}


def name_age(group: str) -> str:
    """Return an age group in words."""
    return {
        "0-11": _("0 to 11 years"),
        "12-17": _("12 to 17 years"),
        "18+": _("18 years and over"),
        "": _("age not known"),
    }[group]


def draw_follow_ups(figures: PilotFigures, target: int | None) -> Chart:
    """Return which share of the follow-ups that fell due was done on time, by month of the calendar.

    target: per cent, None where the pilot sets none.
    """
    shares = [
        (
            ngettext("%(month)s month", "%(month)s months", found.month) % {"month": found.month},
            round(100 * (found.share or 0), 1),
        )
        for found in figures.follow_ups
    ]
    due, on_time = sum(f.due for f in figures.follow_ups), sum(f.on_time for f in figures.follow_ups)
    title = (
        _("%(on_time)s of %(due)s follow-ups were done on time") % {"on_time": on_time, "due": due}
        if due
        else _("No follow-up has fallen due yet")
    )
    source = _("Target: %(target)s %%") % {"target": target} if target else ""
    chart = draw_bars(title, shares, largest=100, suffix=f"{NON_BREAKING_SPACE}%", source=source)
    header = (_("After"), _("Due"), _("On time"), _("Late"), _("Missing"))
    rows = [
        (label, found.due, found.on_time, found.late, found.due - found.on_time - found.late)
        for (label, _share), found in zip(shares, figures.follow_ups, strict=True)
    ]
    return replace(chart, header=header, rows=rows)


def _draw_points(figures: Figures) -> Chart:
    names = {point.pk: point.label for point in ReceptionPoint.objects.filter(pk__in=figures.arrivals.by_point)}
    items = sorted(figures.arrivals.by_point.items(), key=lambda item: -item[1])
    title = _("Nobody arrived")
    if items:
        share = round(100 * items[0][1] / figures.arrivals.total)
        title = _("%(share)s %% came through %(point)s") % {"share": share, "point": names[items[0][0]]}
    return draw_bars(title, [(names[code], number) for code, number in items], value_name=_("Arrivals"))


def _draw_hours(figures: Figures) -> Chart:
    hours = figures.arrivals.by_hour
    title = _("Nobody arrived")
    if hours:
        busiest = max(hours, key=lambda hour: hours[hour])
        title = _("Most people arrive between %(from)s:00 and %(to)s:00") % {"from": busiest, "to": busiest + 1}
    shown = range(min(hours, default=7), max(hours, default=18) + 1)
    return draw_columns(
        title, [(f"{hour}", hours.get(hour, 0)) for hour in shown], value_name=_("Arrivals"), width=WIDTH
    )


def _draw_days(figures: Figures) -> Chart:
    days = figures.arrivals.by_day
    title = _("Nobody arrived")
    if days:
        busiest = max(days, key=lambda day: days[day])
        title = _("The fullest day was %(day)s, with %(number)s arrivals") % {
            "day": date_format(busiest, "MONTH_DAY_FORMAT"), "number": days[busiest],
        }  # fmt: skip
    length = (figures.period.last - figures.period.first).days + 1
    shown = [figures.period.first.replace(day=figures.period.first.day + index) for index in range(length)]
    items = [(f"{day.day}", days.get(day, 0)) for day in shown]
    return draw_columns(title, items, value_name=_("Arrivals"), width=WIDTH)


def _draw_sexes(figures: Figures) -> Chart:
    found = figures.arrivals.by_sex_and_age
    rows = [(str(SEXES[sex]), [found.get((sex, age), 0) for age in AGE_GROUPS]) for sex in SEX_ORDER]
    children = sum(number for (_sex, age), number in found.items() if age in ("0-11", "12-17"))
    title = (
        ngettext("%(children)s of %(total)s is under 18", "%(children)s of %(total)s are under 18", children)
        % {"children": children, "total": figures.arrivals.total}
        if figures.arrivals.total
        else _("Nobody arrived")
    )
    return draw_stacked(title, [name_age(age) for age in AGE_GROUPS], [row for row in rows if any(row[1])])


def _draw_states(figures: Figures) -> Chart:
    names = dict(State.objects.values_list("pk", "name"))
    counted: dict[str, int] = defaultdict(int)
    for code, number in figures.arrivals.by_state.items():
        counted[code] += number
    unknown = counted.pop("", 0)
    title = _("No state of origin is known")
    if counted:
        most = max(counted, key=lambda code: counted[code])
        title = _("Most go home to %(state)s: %(number)s") % {"state": names[most], "number": counted[most]}
    chart = draw_states_map(title, counted, names, value_name=_("Arrivals"))
    return replace(chart, rows=[*chart.rows, (pgettext("figure", "not known"), unknown)]) if unknown else chart


def _draw_waits(figures: Figures) -> Chart:
    title = _("Nobody has passed a stage yet")
    if figures.waits:
        slowest = max(figures.waits, key=lambda wait: wait.ninth_decile)
        title = _("One of ten spends more than %(minutes)s minutes in %(stage)s") % {
            "minutes": round(slowest.ninth_decile), "stage": slowest.stage.label,
        }  # fmt: skip
    items = [(wait.stage.label, round(wait.median)) for wait in figures.waits]
    chart = draw_bars(title, items, suffix=f"{NON_BREAKING_SPACE}min")
    header = (_("Stage"), _("People"), _("Median, minutes"), _("9 of 10 within, minutes"))
    rows = [
        (str(wait.stage.label), wait.people, round(wait.median), round(wait.ninth_decile)) for wait in figures.waits
    ]
    return replace(chart, header=header, rows=rows, source=_("Median from entering a stage to leaving it"))


def _draw_needs(figures: Figures) -> Chart:
    items = sorted((item for item in figures.open_needs if item[1]), key=lambda item: -item[1])
    total = sum(number for _label, number in items)
    title = (
        _("%(number)s needs are open, most about: %(group)s") % {"number": total, "group": items[0][0]}
        if items
        else _("No need is open")
    )
    return draw_bars(title, items, value_name=_("Open needs"), source=_("At this moment"))


def _draw_introductions(figures: Figures) -> Chart:
    sent = sum(row[1] for row in figures.introductions)
    hired = sum(row[2] for row in figures.introductions)
    title = (
        _("Of %(sent)s introductions in twelve months, %(hired)s ended in a hire") % {"sent": sent, "hired": hired}
        if sent
        else _("Nobody was introduced in these twelve months")
    )
    labels = [date_format(month, "M Y") for month, _sent, _hired in figures.introductions]
    lines = [
        Series(_("introductions"), [row[1] for row in figures.introductions]),
        Series(_("hires"), [row[2] for row in figures.introductions]),
    ]
    return draw_lines(title, labels, lines, value_name=_("Month"), width=WIDTH)


CHARTS: dict[str, Callable[[Figures], Chart]] = {
    "points": _draw_points,
    "hours": _draw_hours,
    "days": _draw_days,
    "sex-and-age": _draw_sexes,
    "origin": _draw_states,
    "waits": _draw_waits,
    "needs": _draw_needs,
    "introductions": _draw_introductions,
}
