#!/usr/bin/env python3
"""Write the tables of occupations in src/puente/content/occupations from the publishers' own files.

    script/build_occupations.py FOLDER

FOLDER holds SINCO_2019_Tablas_Comparativas.xlsx and SINCO_2011_Tablas_Comparativas.xlsx (INEGI) and
ISCOGroups_es.csv (European Commission). docs/data-sources.md says what each one is. The lexicon, the ranks and the
neighbours beside the tables are written by hand and are left alone.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import python_calamine

CONTENT = Path(__file__).resolve().parent.parent / "src/puente/content/occupations"
SINCO_2019 = "SINCO_2019_Tablas_Comparativas.xlsx"
SINCO_2011 = "SINCO_2011_Tablas_Comparativas.xlsx"
ISCO_GROUPS = "ISCOGroups_es.csv"


def read_sheet(path: Path, sheet: str) -> list[list[object]]:
    """Return the cells of one sheet."""
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write one CSV table and return how many rows it has."""
    written = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(written)
    print(f"{path.name}: {len(written)} rows")
    return len(written)


def clean_title(cell: object) -> str:
    """Join the lines of a title and mend what the workbook's typesetting broke."""
    return " ".join(str(cell).replace("ﬁ", "fi").split())


def clean_code(cell: object, width: int) -> str:
    """Return a code as digits, or nothing where the cell holds none (a note, an empty cell)."""
    text = str(int(cell)) if isinstance(cell, float) else str(cell).strip()
    return text.zfill(width) if text.isdigit() else ""


def read_unit_groups(rows: list[list[object]]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the unit groups with their titles, and the pairs SINCO – ISCO, in the workbook's order."""
    titles: dict[str, str] = {}
    pairs: dict[tuple[str, str], None] = {}
    for row in rows:
        sinco, isco = clean_code(row[0], 4), clean_code(row[2], 4)
        if sinco:
            titles.setdefault(sinco, clean_title(row[1]))
            if isco:
                pairs[sinco, isco] = None
    return titles, list(pairs)


def read_groups(rows: list[list[object]]) -> dict[str, str]:
    """Return divisions and main groups (codes of one and two digits) of the 2011 workbook with their titles."""
    groups = {clean_code(row[3], 1): clean_title(row[4]) for row in rows if isinstance(row[3], float)}
    return {code: title for code, title in groups.items() if len(code) <= 2}


def read_isco(path: Path) -> dict[str, str]:
    """Return the ISCO-08 groups of every level with their Spanish titles."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {row["code"]: clean_title(row["preferredLabel"]) for row in csv.DictReader(file)}


def main(folder: Path) -> int:
    """Build the four tables; return the exit status."""
    titles, pairs = read_unit_groups(read_sheet(folder / SINCO_2019, "SINCO - CIUO"))
    groups = read_groups(read_sheet(folder / SINCO_2011, "SINCO-CIUO"))
    isco = read_isco(folder / ISCO_GROUPS)

    unnamed = sorted({code[:2] for code in titles} - set(groups)) + sorted({pair[1] for pair in pairs} - set(isco))
    if len(titles) != 490 or unnamed:
        print(f"expected 490 unit groups, found {len(titles)}; codes without a title: {unnamed}", file=sys.stderr)
        return 1

    used = {code[:length] for code in titles for length in (1, 2)}
    write_table(
        CONTENT / "sinco.csv",
        ("code", "title", "division", "main_group", "subgroup"),
        ((code, title, code[:1], code[:2], code[:3]) for code, title in sorted(titles.items())),
    )
    write_table(
        CONTENT / "sinco_groups.csv",
        ("code", "title", "edition"),
        ((code, title, "2011") for code, title in sorted(groups.items()) if code in used),
    )
    write_table(CONTENT / "isco.csv", ("code", "title"), sorted(isco.items()))
    write_table(CONTENT / "sinco_isco.csv", ("sinco", "isco"), sorted(pairs))
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    sys.exit(main(parser.parse_args().folder))
