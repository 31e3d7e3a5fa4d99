"""What every chart is made of: its title, its drawing, its table; and the scale of an axis."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Words = str | Promise


@dataclass(frozen=True)
class Chart:
    """A drawn chart. `title` says the finding; `header` and `rows` are the table; `source` names source and date."""

    title: Words
    drawing: SafeString
    header: Sequence[Words]
    rows: Sequence[Sequence[Any]]
    source: Words = ""
    legend: Sequence[tuple[int, Words]] = ()
    is_reflowing: bool = False

    def write_csv(self) -> str:
        """Return the table as CSV with unlocalised numbers, for a download; no cell can act as a formula."""
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow([_write_cell(cell) for cell in self.header])
        writer.writerows([[_write_cell(cell) for cell in row] for row in self.rows])
        return target.getvalue()


def _write_cell(cell: Any) -> str:
    if cell is None or isinstance(cell, (int, float)):
        return "" if cell is None else str(cell)
    text = str(cell)
    # A spreadsheet runs what begins so.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def find_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return at most `most` (3 or more) round values that cover low to high: steps of 1, 2 or 5 powers of ten."""
    if not (isfinite(low) and isfinite(high)) or high < low:
        raise ValueError("An axis needs two finite ends in order.")
    if high == low:
        high = low + 1
    power = 10.0 ** floor(log10((high - low) / most))
    for factor in (1, 2, 5, 10, 20, 50, 100):
        step = factor * power
        first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
        if last - first + 1 <= most:
            return [round(index * step, 10) for index in range(first, last + 1)]
    raise AssertionError("unreachable: a step of a hundred powers always fits")


def write_number(value: float | None, places: int | None = None) -> str:
    """Write a number by the locale; nothing known is a dash."""
    if value is None:
        return "–"
    if places is None:
        places = 0 if float(value) == int(value) else 1
    return str(number_format(round(value, places), decimal_pos=places, use_l10n=True, force_grouping=True))


def write_text(x: float, y: float, text: Any, *, anchor: str = "start", strong: bool = False) -> str:
    """Return an SVG text with its words escaped."""
    name = ' class="chart-strong"' if strong else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{name}>{escape(text)}</text>'


def frame(parts: list[str], width: int, height: int, label: Any) -> SafeString:
    """Put SVG parts into a drawing of its natural size, named for readers of the page."""
    return mark_safe(  # noqa: S308 - every part is made of numbers and escaped words
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def draw_grid(ticks: list[float], left: float, right: float, top: float, bottom: float) -> list[str]:
    """Return the horizontal lines of the ticks with their numbers at the left."""
    parts = []
    for tick in ticks:
        y = bottom - (bottom - top) * (tick - ticks[0]) / (ticks[-1] - ticks[0])
        parts.append(f'<path class="chart-grid" d="M{left} {y:.1f}H{right}"/>')
        parts.append(write_text(left - 8, y + 4.5, write_number(tick), anchor="end"))
    return parts
