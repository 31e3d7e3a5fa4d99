"""What stands beside a list of wages: the mean of the state, the least that may be paid, what the person asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from puente.offices.models import Municipality
from puente.opportunities.selectors.wages import find_minimum_wage, get_mean_wage
from puente.web.charts.chart import Chart, find_ticks, write_number
from puente.web.templatetags.components import money

WIDTH, HEIGHT, LEFT, RIGHT, LINE = 340, 132, 10, 318, 84


@dataclass(frozen=True)
class Mark:
    """A figure to compare with: its name, pesos a month, and where it comes from."""

    name: str
    monthly: float
    source: str = ""


def find_marks(state: str | None, home: Municipality | None, floor: int | None, today: date) -> list[Mark]:
    """Return the mean wage of a state, the minimum wage in force at home, and what the person asks; what is known."""
    marks = []
    mean = get_mean_wage(state) if state else None
    if mean is not None:
        source = _("%(source)s, %(quarter)s") % {"source": mean.source, "quarter": mean.quarter}
        marks.append(Mark(_("mean of the state"), mean.monthly, source))
    minimum = find_minimum_wage(home, today)
    if minimum is not None:
        source = _("%(daily)s a day × 30.4; %(source)s, since %(date)s") % {
            "daily": money(minimum.daily),
            "source": minimum.source,
            "date": date_format(minimum.valid_from, "SHORT_DATE_FORMAT"),
        }
        name = _("minimum, border zone") if minimum.zone == "border" else _("general minimum")
        marks.append(Mark(name, minimum.monthly, source))
    if floor is not None:
        marks.append(Mark(_("what the person asks"), floor))
    return marks


def draw_wages(wages: Sequence[tuple[int, str, float]], marks: Sequence[Mark], chosen: frozenset[int]) -> Chart:
    """Draw the wages of a list on one line, with the marks over it.

    Args:
        wages: number in the list, title and pesos a month of each opening whose wage is known.
        chosen: numbers that the person chose.
    """
    top = find_ticks(0, max([wage for _number, _title, wage in wages] + [mark.monthly for mark in marks], default=1))
    scale = (RIGHT - LEFT) / top[-1]
    parts = [f'<path class="chart-axis" d="M{LEFT} {LINE}H{RIGHT}"/>']
    for tick in top:
        x = LEFT + tick * scale
        anchor = "start" if tick == 0 else "end" if tick == top[-1] else "middle"
        parts.append(f'<path class="chart-axis" d="M{x:.1f} {LINE - 4}v8"/>')
        parts.append(f'<text x="{x:.1f}" y="{LINE + 24}" text-anchor="{anchor}">{write_number(tick)}</text>')
    # Names stand on three lines, so that near ones do not touch; the line goes down to its place.
    for height, mark in enumerate(sorted(marks, key=lambda mark: mark.monthly)):
        x, y = LEFT + mark.monthly * scale, 14 + 20 * height
        side, shift = ("end", -5) if x > WIDTH / 2 else ("start", 5)
        parts.append(f'<path class="chart-mean" d="M{x:.1f} {y - 8}V{LINE}"/>')
        parts.append(f'<text x="{x + shift:.1f}" y="{y}" text-anchor="{side}">{escape(mark.name)}</text>')
    for number, _title, wage in wages:
        kind = "chart-person" if number in chosen else "chart-dot"
        parts.append(f'<circle class="{kind}" cx="{LEFT + wage * scale:.1f}" cy="{LINE}" r="6"/>')
    label = escape(_("Wages of the list, pesos a month"))
    drawing = mark_safe(  # noqa: S308 - numbers and escaped words alone
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT - 20}" width="{WIDTH}" height="{HEIGHT - 20}" role="img" '
        f'aria-label="{label}">{"".join(parts)}</svg>'
    )
    rows = [(f"{number}. {title}", wage) for number, title, wage in wages] + [
        (mark.name, mark.monthly) for mark in marks
    ]
    source = " · ".join(f"{mark.name}: {mark.source}" for mark in marks if mark.source)
    return Chart(
        _("Pesos a month; each dot is an opening of the list"),
        drawing,
        (_("Opening offered"), _("Pesos a month")),
        rows,
        source,
        is_reflowing=True,
    )
