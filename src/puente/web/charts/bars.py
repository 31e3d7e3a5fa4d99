"""Bars: horizontal (HTML rows that reflow), columns over time, and stacked shares."""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from puente.web.charts.chart import Chart, Words, draw_grid, find_ticks, frame, write_number, write_text

MOST_CATEGORIES = 6


def draw_bars(
    title: Words, items: Sequence[tuple[Words, float]], *, value_name: Words = "", source: Words = "",
    largest: float | None = None, suffix: str = "",
) -> Chart:  # fmt: skip
    """Draw horizontal bars, the largest as wide as there is room.

    items: (label, value ≥ 0) in the order shown. suffix: written after each value, such as " %".
    largest: what a full bar means, when not the largest value (100 for shares).
    """
    full = largest or max((value for _label, value in items), default=0) or 1
    rows = []
    for label, value in items:
        share = min(max(value / full, 0), 1) * 100
        rows.append(
            f"<li><span>{escape(label)}</span>"
            f'<svg aria-hidden="true"><rect class="chart-well" width="100%" height="100%"/>'
            f'<rect class="chart-bar" width="{share:.1f}%" height="100%"/></svg>'
            f"<b>{escape(write_number(value) + suffix)}</b></li>"
        )
    drawing = mark_safe(f'<ul class="bars">{"".join(rows)}</ul>')  # noqa: S308 - its words are escaped
    table = [(label, value) for label, value in items]
    return Chart(title, drawing, ("", value_name or _("Number")), table, source, is_reflowing=True)


def draw_columns(
    title: Words, items: Sequence[tuple[Words, float | None]], *, value_name: Words = "", source: Words = "",
    width: int = 720, height: int = 240,
) -> Chart:  # fmt: skip
    """Draw one column a period; a value of None is missing and left blank with a dash."""
    values = [value for _label, value in items if value is not None]
    ticks = find_ticks(0, max(values, default=1))
    left, right, top, bottom = 52, width - 8, 12, height - 26
    parts = draw_grid(ticks, left, right, top, bottom)
    step = (right - left) / max(len(items), 1)
    every = max(1, -(-len(items) * 52 // (right - left)))
    for index, (label, value) in enumerate(items):
        x = left + index * step
        if value is None:
            parts.append(write_text(x + step / 2, bottom - 4, "–", anchor="middle"))
        else:
            tall = (bottom - top) * value / ticks[-1]
            parts.append(
                f'<rect class="chart-bar" x="{x + step * 0.14:.1f}" y="{bottom - tall:.1f}" '
                f'width="{step * 0.72:.1f}" height="{tall:.1f}"/>'
            )
        if index % every == 0:
            parts.append(write_text(x + step / 2, bottom + 18, label, anchor="middle"))
    table = [(label, value) for label, value in items]
    return Chart(title, frame(parts, width, height, title), ("", value_name or _("Number")), table, source)


def draw_stacked(
    title: Words, categories: Sequence[Words], rows: Sequence[tuple[Words, Sequence[float]]], *, source: Words = ""
) -> Chart:
    """Draw one bar a row, split by category in shares of the row; the numbers stand in the table and legend.

    At most six categories, the last best being "others".
    """
    if len(categories) > MOST_CATEGORIES:
        raise ValueError("Six categories are the limit: put the rest under others.")
    drawn = []
    for label, values in rows:
        total = sum(values)
        pieces, start = [], 0.0
        for index, value in enumerate(values, start=1):
            share = 100 * value / total if total else 0
            pieces.append(
                f'<rect class="fill-{index}" x="{start:.2f}%" width="{max(share - 0.25, 0):.2f}%" height="100%">'
                f"<title>{escape(categories[index - 1])}: {escape(write_number(value))}</title></rect>"
            )
            start += share
        well = '<rect class="chart-well" width="100%" height="100%"/>'
        drawn.append(
            f'<li><span>{escape(label)}</span><svg aria-hidden="true">{well}{"".join(pieces)}</svg>'
            f"<b>{escape(write_number(total))}</b></li>"
        )
    legend = [(index, name) for index, name in enumerate(categories, start=1)]
    table = [(label, *values) for label, values in rows]
    drawing = mark_safe(f'<ul class="bars">{"".join(drawn)}</ul>')  # noqa: S308 - its words are escaped
    return Chart(title, drawing, ("", *categories), table, source, legend, is_reflowing=True)
