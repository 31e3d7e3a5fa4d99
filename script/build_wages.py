#!/usr/bin/env python3
"""Build src/puente/content/labour/mean_wages.csv, and check minimum_wages.csv, from the publishers' files.

The file of the Banco de México holds the minimum wage as real indices alone (base 100), never in pesos, so the
nominal amounts of minimum_wages.csv are kept by hand from the published resolutions. What the indices can do
is find a wrong amount: in the month of a rise, the index must jump as the pesos do, less a month's inflation.

    PUENTE_REALDATA=../shared/data python script/build_wages.py
"""

import csv
import json
import os
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

LABOUR = Path(__file__).resolve().parent.parent / "src" / "puente" / "content" / "labour"
QUARTERS = 8
SOURCE = "INEGI, ENOE, through DataMéxico"
# Which real index follows which zone. The series of the general zone ends in November 2018.
INDEX_OF_ZONE = {"general": "dic_2012_dic_2018", "border": "desde_dic_2018"}
# More than any month's inflation in the years covered (January 2017: 1.7 %).
INFLATION = 0.02


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def list_mean_wages(rows: list[dict[str, str]]) -> list[dict[str, object]]:
    """The last eight quarters that were surveyed, by state; wages in pesos a month, workforce in people."""
    quarters = sorted({row["Quarter"] for row in rows})[-QUARTERS:]
    return [
        {
            "state": f"{int(row['State ID']):02}",
            "quarter": row["Quarter"],
            "monthly_wage": f"{float(row['Monthly Wage']):.2f}",
            "workforce": row["Workforce"],
            "source": SOURCE,
        }
        for row in sorted(rows, key=lambda row: (int(row["State ID"]), row["Quarter"]))
        if row["Quarter"] in quarters
    ]


def read_indices(path: Path) -> dict[str, dict[str, float]]:
    """Real indices by period and month; anything in the file that is not a real series stops the run."""
    indices: dict[str, dict[str, float]] = {}
    for row in json.loads(path.read_text(encoding="utf-8")):
        if row["tipo"] != "real":
            sys.exit(f"The series {row['serie']} is not real: the file has changed, look at it first.")
        indices.setdefault(row["periodo"], {})[row["fecha"][:7]] = row["salario_minimo"]
    return indices


def month_before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02}"


def find_contradictions(wages: list[dict[str, str]], indices: dict[str, dict[str, float]]) -> Iterator[str]:
    """Rises in pesos that the real index of their zone does not show."""
    for zone, period in INDEX_OF_ZONE.items():
        index = indices[period]
        amounts = sorted((row["valid_from"][:7], float(row["daily"])) for row in wages if row["zone"] == zone)
        for (_, earlier), (month, later) in pairwise(amounts):
            if month in index and month_before(month) in index:
                real = index[month] / index[month_before(month)]
                if not -0.003 <= later / earlier / real - 1 <= INFLATION:
                    yield f"{zone} {month}: {earlier} to {later} pesos, but the real index moved by {real:.4f}"


def main() -> None:
    folder = os.environ.get("PUENTE_REALDATA")
    if not folder:
        sys.exit("Set PUENTE_REALDATA to the folder with labour/.")
    source = Path(folder) / "labour"
    contradictions = list(
        find_contradictions(read_rows(LABOUR / "minimum_wages.csv"), read_indices(source / "salarios_minimos.json"))
    )
    if contradictions:
        sys.exit("minimum_wages.csv contradicts the Banco de México:\n" + "\n".join(contradictions))
    rows = list_mean_wages(read_rows(source / "datamexico_enoe_salario_raw.csv"))
    with (LABOUR / "mean_wages.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, tuple(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"mean_wages.csv: {len(rows)} rows; minimum_wages.csv agrees with the real indices.")


if __name__ == "__main__":
    main()
