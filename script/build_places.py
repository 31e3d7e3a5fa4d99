#!/usr/bin/env python3
"""Build the compact tables of places in src/puente/content/places from the publishers' own files.

Reads the folder named by PUENTE_REALDATA (geography/…) and writes countries.csv, states.csv,
municipalities.csv and towns.csv. In place_aliases.csv the rows written by hand are kept, and the short
forms that only one municipality of a state can mean are written anew.

    PUENTE_REALDATA=../shared/data python script/build_places.py
"""

import csv
import json
import os
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global

from puente.engines.places.spelling import loose_key, spelling_key

PLACES = Path(__file__).resolve().parent.parent / "src" / "puente" / "content" / "places"

DERIVED_SHORT_FORM = "derived: no other municipality, seat or town of the state bears this word"
ALIAS_COLUMNS = ("alias", "state", "code", "reason", "source")
TOWN_POPULATION = 5_000

# INEGI code: ISO 3166-2, everyday name where it differs from the official one, English and French labels
# where they differ from the Spanish label. CURP uses DF for Mexico City, ISO has used CMX since 2016.
STATE_FACTS: dict[str, tuple[str, str, str, str]] = {
    "01": ("AGU", "", "", ""),
    "02": ("BCN", "", "", "Basse-Californie"),
    "03": ("BCS", "", "", "Basse-Californie du Sud"),
    "04": ("CAM", "", "", ""),
    "05": ("COA", "Coahuila", "", ""),
    "06": ("COL", "", "", ""),
    "07": ("CHP", "", "", ""),
    "08": ("CHH", "", "", ""),
    "09": ("CMX", "", "Mexico City", "Mexico"),
    "10": ("DUR", "", "", ""),
    "11": ("GUA", "", "", ""),
    "12": ("GRO", "", "", ""),
    "13": ("HID", "", "", ""),
    "14": ("JAL", "", "", ""),
    "15": ("MEX", "Estado de México", "State of Mexico", "État de Mexico"),
    "16": ("MIC", "Michoacán", "", ""),
    "17": ("MOR", "", "", ""),
    "18": ("NAY", "", "", ""),
    "19": ("NLE", "", "", ""),
    "20": ("OAX", "", "", ""),
    "21": ("PUE", "", "", ""),
    "22": ("QUE", "", "", ""),
    "23": ("ROO", "", "", ""),
    "24": ("SLP", "", "", ""),
    "25": ("SIN", "", "", ""),
    "26": ("SON", "", "", ""),
    "27": ("TAB", "", "", ""),
    "28": ("TAM", "", "", ""),
    "29": ("TLA", "", "", ""),
    "30": ("VER", "Veracruz", "", ""),
    "31": ("YUC", "", "", ""),
    "32": ("ZAC", "", "", ""),
}
BORN_ABROAD = {
    "code": "99",
    "curp": "NE",
    "iso": "",
    "pcode": "",
    "official_name": "Nacido en el extranjero",
    "abbreviation": "Ext.",
    "label_es": "Fuera de México",
    "label_en": "Outside Mexico",
    "label_fr": "Hors du Mexique",
}
STATE_COLUMNS = tuple(BORN_ABROAD)

# Codes that CLDR still lists as aliases of a living country, and regions that are not in ISO 3166-1.
WITHDRAWN_ALPHA3 = {"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"}
NOT_ISO_ALPHA2 = {"AC", "CP", "CQ", "DG", "EA", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ", "EU"}

# Too common as a word, or the name of too many farms and villages, to point at one place by itself.
COMMON_WORDS = {
    "armadillo", "bahia", "barrio", "benemerito", "boca", "buenavista", "camaron", "canada", "canadas",
    "castillo", "cerro", "cienega", "ciudad", "concepcion", "constancia", "dolores", "doctor",
    "encarnacion", "fresnillo", "general", "heroica", "hidalgo", "honduras", "ignacio", "isla", "jaral",
    "jesus", "jimenez", "jose", "juan", "laguna", "lerdo", "llano", "magdalena", "marques", "martinez",
    "martir", "martires", "mezquital", "mineral", "montecristo", "natividad", "nombre", "noria", "nuevo",
    "ojo", "pabellon", "palmar", "panuco", "paso", "pinal", "piedra", "plateado", "playa", "playas",
    "progreso", "pueblo", "puente", "puerto", "purisima", "reforma", "rincon", "rojas", "salto", "san",
    "santa", "santiago", "santo", "santos", "sitio", "union", "valle", "valles", "vega", "villa", "vista",
}  # fmt: skip

Ring = list[tuple[float, float]]


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def write_table(name: str, columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> None:
    path = PLACES / name
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, tuple(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{name}: {len(rows):,} rows")


def list_countries() -> list[dict[str, str]]:
    """ISO 3166-1 codes with CLDR names in the three languages of the product."""
    alpha3 = {
        targets[0]: code
        for code, targets in get_global("territory_aliases").items()
        if len(code) == 3 and code.isalpha() and len(targets) == 1 and code not in WITHDRAWN_ALPHA3
    }
    names = {language: Locale(language).territories for language in ("es", "en", "fr")}
    rows = [
        {
            "alpha2": alpha2,
            "alpha3": alpha3[alpha2],
            **{f"label_{language}": names[language][alpha2] for language in names},
        }
        for alpha2 in sorted(names["en"])
        if alpha2 in alpha3 and alpha2 not in NOT_ISO_ALPHA2
    ]
    if len(rows) != 249:
        raise SystemExit(f"ISO 3166-1 has 249 countries, this edition of CLDR gave {len(rows)}.")
    return rows


def list_states(
    states: list[dict[str, Any]], municipalities: list[dict[str, Any]], pcodes: set[str]
) -> list[dict[str, str]]:
    official = {row["cve_entidad"]: row for row in municipalities}
    curp = {row["clave_inegi"]: row["code"] for row in states}
    rows = []
    for code, (iso, everyday, english, french) in STATE_FACTS.items():
        label = everyday or official[code]["nom_entidad"]
        if f"MX{code}" not in pcodes:
            raise SystemExit(f"State {code} has no p-code in the OCHA table.")
        rows.append(
            {
                "code": code,
                "curp": curp[code],
                "iso": f"MX-{iso}",
                "pcode": f"MX{code}",
                "official_name": official[code]["nom_entidad"],
                "abbreviation": official[code]["nom_abr_entidad"],
                "label_es": label,
                "label_en": english or label,
                "label_fr": french or label,
            }
        )
    return [*rows, BORN_ABROAD]


def read_polygons(path: Path) -> dict[str, list[Ring]]:
    """The outer rings of every municipality in a quantised TopoJSON file."""
    topology = read_json(path)
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )

    def decode(arc: list[list[int]]) -> Ring:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        return points

    arcs = [decode(arc) for arc in topology["arcs"]]

    def join(indexes: list[int]) -> Ring:
        points: Ring = []
        for index in indexes:
            points += arcs[index] if index >= 0 else arcs[~index][::-1]
        return points

    polygons: dict[str, list[Ring]] = {}
    for shape in topology["objects"]["municipios"]["geometries"]:
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        polygons[shape["properties"]["id"]] = [join(part[0]) for part in parts]
    return polygons


def find_centroid(rings: list[Ring]) -> tuple[float, float]:
    """Latitude and longitude of the area centroid of a municipality's rings (shoelace formula)."""
    area = sum_x = sum_y = 0.0
    for ring in rings:
        ring_area = ring_x = ring_y = 0.0
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            cross = x1 * y2 - x2 * y1
            ring_area += cross
            ring_x += (x1 + x2) * cross
            ring_y += (y1 + y2) * cross
        sign = 1 if ring_area >= 0 else -1
        area, sum_x, sum_y = area + sign * ring_area, sum_x + sign * ring_x, sum_y + sign * ring_y
    return sum_y / (3 * area), sum_x / (3 * area)


def read_localities(path: Path) -> dict[str, dict[str, tuple[str, float, float, int]]]:
    """Localities by municipality code and locality code: name, latitude, longitude, population."""
    localities: dict[str, dict[str, tuple[str, float, float, int]]] = defaultdict(dict)
    with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as connection:
        query = (
            "SELECT cve_entidad || cve_municipio, cve_localidad, nom_localidad, latitud, longitud, poblacion_total"
            " FROM localidades"
        )
        for municipality, locality, name, latitude, longitude, population in connection.execute(query):
            # The file lost the accented capitals: "alvaro Obregon".
            localities[municipality][locality] = (name[0].upper() + name[1:], latitude, longitude, population)
    return localities


def find_coordinates(
    row: dict[str, Any],
    localities: dict[str, tuple[str, float, float, int]],
    rings: list[Ring] | None,
) -> tuple[float, float, str]:
    """Where people go when they go there: the seat, else the largest town, else the middle of the shape."""
    # The boroughs of Mexico City have no seat; their urban area is locality 0001.
    seat_code = "0001" if row["cve_cabecera"] == "----" else row["cve_cabecera"]
    if seat_code in localities:
        _, latitude, longitude, _ = localities[seat_code]
        return latitude, longitude, "seat"
    if localities:
        _, latitude, longitude, _ = max(localities.values(), key=lambda locality: locality[3])
        return latitude, longitude, "largest_locality"
    if rings is None:
        raise SystemExit(f"Municipality {row['cve_completa']} has neither a locality nor a shape.")
    return *find_centroid(rings), "centroid"


def list_municipalities(
    source: list[dict[str, Any]],
    localities: dict[str, dict[str, tuple[str, float, float, int]]],
    polygons: dict[str, list[Ring]],
    pcodes: set[str],
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for row in source:
        code = row["cve_completa"]
        latitude, longitude, origin = find_coordinates(row, localities.get(code, {}), polygons.get(code))
        rows.append(
            {
                "code": code,
                "name": row["nom_municipio"],
                "seat": row["nom_cabecera"] or row["nom_municipio"],
                "latitude": f"{latitude:.5f}",
                "longitude": f"{longitude:.5f}",
                "coordinate_source": origin,
                "population": row["poblacion_total"],
                "pcode": f"MX{code}",
                "pcode_source": "ocha" if f"MX{code}" in pcodes else "rule",
            }
        )
    return rows


def list_towns(
    municipalities: list[dict[str, Any]],
    localities: dict[str, dict[str, tuple[str, float, float, int]]],
) -> list[dict[str, object]]:
    """Towns of 5,000 people or more that are no seat and whose name stands alone in their state."""

    def name_key(municipality: str, name: str) -> tuple[str, str]:
        # "Antunez (Morelos)": the name in brackets is a second one.
        return municipality[:2], loose_key(spelling_key(name.split(" (")[0]))

    seats = {row["cve_completa"]: row["cve_cabecera"] for row in municipalities}
    bearers = Counter(
        name_key(municipality, name)
        for municipality, places in localities.items()
        for locality, (name, *_) in places.items()
        if locality != seats.get(municipality)
    )
    for row in municipalities:
        names = {row["nom_municipio"], row["nom_cabecera"]}
        bearers.update({name_key(row["cve_completa"], name) for name in names})
    return [
        {"name": name.split(" (")[0], "municipality": municipality, "population": population}
        for municipality, places in sorted(localities.items())
        for locality, (name, _, _, population) in sorted(places.items())
        if population >= TOWN_POPULATION
        and locality != seats.get(municipality)
        and bearers[name_key(municipality, name)] == 1
    ]


def list_short_forms(municipalities: list[dict[str, Any]], towns: list[dict[str, object]]) -> list[dict[str, str]]:
    """'Silao' for 'Silao de la Victoria', where no other name in the state has that word in it."""
    taken: dict[str, list[str]] = defaultdict(list)
    for row in municipalities:
        taken[row["cve_entidad"]] += [spelling_key(row["nom_municipio"]), spelling_key(row["nom_cabecera"])]
    for town in towns:
        taken[str(town["municipality"])[:2]].append(spelling_key(str(town["name"])))
    rows = []
    for row in municipalities:
        for cut in (" de ", " del "):
            short, found, _ = row["nom_municipio"].partition(cut)
            key = spelling_key(short)
            if not found or " " in key or key in COMMON_WORDS:
                continue
            own = {spelling_key(row["nom_municipio"]), spelling_key(row["nom_cabecera"])}
            rivals = [name for name in taken[row["cve_entidad"]] if name not in own and key in name.split()]
            if not rivals and key not in own:
                rows.append(
                    {
                        "alias": short,
                        "state": row["cve_entidad"],
                        "code": row["cve_completa"],
                        "reason": "short_form",
                        "source": DERIVED_SHORT_FORM,
                    }
                )
    return rows


def list_aliases(derived: list[dict[str, str]]) -> list[dict[str, str]]:
    with (PLACES / "place_aliases.csv").open(encoding="utf-8", newline="") as file:
        by_hand = [row for row in csv.DictReader(file) if row["source"] != DERIVED_SHORT_FORM]
    known = {(row["state"], spelling_key(row["alias"])) for row in by_hand}
    return by_hand + [row for row in derived if (row["state"], spelling_key(row["alias"])) not in known]


def main() -> None:
    folder = os.environ.get("PUENTE_REALDATA")
    if not folder:
        sys.exit("Set PUENTE_REALDATA to the folder with geography/.")
    geography = Path(folder) / "geography"
    municipalities = read_json(geography / "inegi_municipios_completo.json")
    localities = read_localities(geography / "inegi_localidades.sqlite")
    polygons = read_polygons(geography / "mxmaps_mxmunicipio.topojson")
    with (geography / "ocha_pcodes_mex_adm1_adm2.csv").open(encoding="utf-8", newline="") as file:
        pcodes = {row["P-Code"] for row in csv.DictReader(file)}

    write_table("countries.csv", ("alpha2", "alpha3", "label_es", "label_en", "label_fr"), list_countries())
    states = list_states(read_json(geography / "inegi_states.json"), municipalities, pcodes)
    write_table("states.csv", STATE_COLUMNS, states)
    rows = list_municipalities(municipalities, localities, polygons, pcodes)
    write_table("municipalities.csv", rows[0], rows)
    towns = list_towns(municipalities, localities)
    write_table("towns.csv", towns[0], towns)
    write_table("place_aliases.csv", ALIAS_COLUMNS, list_aliases(list_short_forms(municipalities, towns)))


if __name__ == "__main__":
    main()
