"""Lines with their interval, labelled at their end, and the strip of dots that compares a value with its peers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from puente.web.charts.chart import Chart, Words, draw_grid, find_ticks, frame, write_number, write_text

LETTER = 6.4  # width of a letter of 13.5 px, on average


@dataclass(frozen=True)
class Series:
    """One line: a value (or None where missing) for each x, and the interval around it when it is an estimate."""

    name: Words
    values: Sequence[float | None]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def draw_lines(
    title: Words, x_labels: Sequence[Words], series: Sequence[Series], *, value_name: Words = "", source: Words = "",
    width: int = 720, height: int = 280, from_zero: bool = True,
) -> Chart:  # fmt: skip
    """Draw at most six lines over the same x. Intervals are drawn as bands; a missing value breaks the line."""
    known = [value for line in series for value in (*line.values, *line.low, *line.high) if value is not None]
    ticks = find_ticks(0 if from_zero else min(known, default=0), max(known, default=1))
    room = max((len(str(line.name)) for line in series), default=0) * LETTER + 16
    left, right, top, bottom = 52.0, width - room, 12.0, height - 26.0
    last = max(len(x_labels) - 1, 1)

    def place(index: int, value: float) -> tuple[float, float]:
        share = (value - ticks[0]) / (ticks[-1] - ticks[0])
        return left + (right - left) * index / last, bottom - (bottom - top) * share

    parts = draw_grid(ticks, left, right, top, bottom)
    every = max(1, -(-len(x_labels) * 60 // int(right - left)))
    parts += [
        write_text(place(index, ticks[0])[0], bottom + 18, label, anchor="middle")
        for index, label in enumerate(x_labels)
        if index % every == 0
    ]
    for line in series:
        if line.low:
            upper = [place(index, value) for index, value in enumerate(line.high)]
            lower = [place(index, value) for index, value in enumerate(line.low)][::-1]
            parts.append(f'<path class="chart-interval" d="{_join([*upper, *lower])}Z"/>')
    ends: list[tuple[float, Words]] = []
    for number, line in enumerate(series, start=1):
        runs: list[list[tuple[float, float]]] = [[]]
        for index, value in enumerate(line.values):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(place(index, value))
        drawn = "".join(_join(run) for run in runs if run)
        parts.append(f'<path class="chart-line line-{number}" d="{drawn}"/>')
        points = [point for run in runs for point in run]
        if points:
            ends.append((points[-1][1], line.name))
    for y, name in _spread(ends, 17):
        parts.append(write_text(right + 8, y + 4.5, name, strong=True))
    rows = [
        (label, *(line.values[index] if index < len(line.values) else None for line in series))
        for index, label in enumerate(x_labels)
    ]
    header = (value_name, *(line.name for line in series))
    return Chart(title, frame(parts, width, height, title), header, rows, source)


def draw_dots(
    title: Words, dots: Sequence[tuple[Words, float]], marks: Sequence[tuple[Words, float]], *,
    chosen: int | None = None, value_name: Words = "", source: Words = "", width: int = 320,
) -> Chart:  # fmt: skip
    """Draw values as dots on one line, with reference marks above it (a mean, a minimum, what the person asks).

    dots: (label, value). marks: (label, value). chosen: index of the dot that is the person's, in marigold.
    """
    values = [value for _label, value in (*dots, *marks)]
    ticks = find_ticks(0, max(values, default=1))
    left, right = 10.0, width - 18.0

    def place(value: float) -> float:
        return left + (right - left) * value / ticks[-1]

    labels = [(place(value), str(label)) for label, value in marks]
    anchor, levels = _stack_labels(labels, width)
    line = 24.0 + 20 * max(levels, default=0)
    parts = []
    for (x, label), level in zip(labels, levels, strict=True):
        y = line - 4 - 20 * level
        parts.append(f'<path class="chart-axis" d="M{x:.1f} {y - 10:.1f}V{line:.1f}"/>')
        parts.append(write_text(x + (4 if anchor == "start" else -4), y, label, anchor=anchor))
    parts.append(f'<path class="chart-axis" d="M{left} {line}H{right}"/>')
    for tick in ticks:
        x = place(tick)
        parts.append(f'<path class="chart-axis" d="M{x:.1f} {line - 4}V{line + 4}"/>')
        parts.append(write_text(x, line + 21, write_number(tick), anchor="middle"))
    for index, (_label, value) in enumerate(dots):
        if index != chosen:
            parts.append(f'<circle class="chart-dot" cx="{place(value):.1f}" cy="{line}" r="6"/>')
    if chosen is not None:
        parts.append(f'<circle class="chart-person" cx="{place(dots[chosen][1]):.1f}" cy="{line}" r="7"/>')
    rows = [(label, value) for label, value in (*dots, *marks)]
    drawing = frame(parts, width, int(line + 30), title)
    return Chart(title, drawing, ("", value_name or _("Number")), rows, source)


def _join(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _spread(labels: list[tuple[float, Words]], gap: float) -> list[tuple[float, Words]]:
    """Move labels that would touch apart, downwards."""
    placed: list[tuple[float, Words]] = []
    for y, name in sorted(labels, key=lambda label: label[0]):
        if placed and y < placed[-1][0] + gap:
            y = placed[-1][0] + gap
        placed.append((y, name))
    return placed


def _stack_labels(labels: list[tuple[float, str]], width: float) -> tuple[str, list[int]]:
    """Return on which side of their leaders the labels stand, and the level of each above the line (from 1).

    Labels climb away from the side they stand on, so no leader runs through another label.
    """
    leftwards = all(x - len(text) * LETTER > 0 for x, text in labels)
    direction = 1 if leftwards else -1
    levels = [0] * len(labels)
    level, last = 0, None
    for index in sorted(range(len(labels)), key=lambda index: direction * labels[index][0]):
        x, text = labels[index]
        near_end = direction * x - len(text) * LETTER - 8
        if last is None or near_end < last:
            level += 1
        levels[index], last = level, direction * x
    return ("end" if leftwards else "start"), levels
