"""Rows in the layout of IOM's Human Trafficking Case Data Standard (HTCDS, CC BY 4.0) that identify nobody.

Columns, their order and the values are those of the standard's survey form; several values stand in one cell, with
semicolons between them, as in its spreadsheets. What would identify a person or a place stays empty: names, birth date,
contact, places, case worker, free text. A date is given to the month.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from puente.engines.screening.indicators import InvalidContent, Text, find_gaps, read_text

COLUMNS = (
    "con_Consent",
    "prs_Salutation",
    "prs_First_Name",
    "prs_Second_Name",
    "prs_Birthdate",
    "prs_Gender",
    "prs_Citizenship",
    "prs_Title",
    "prs_Email",
    "prs_HomePhone",
    "prs_MobilePhone",
    "prs_MailingCity",
    "prs_MailingCountry",
    "prs_MailingState",
    "prs_MailingStreet",
    "prs_MailingPostalCode",
    "vic_MethodOfRecruitment",
    "vic_LocationOfRecruitment",
    "vic_TraffickingStatus",
    "vic_TraffickingStatusDecisionMakingOrg",
    "vic_Methods_of_Control",
    "vic_TypeOfExploitation",
    "vic_ForcedLabourIndustry",
    "vic_TypeOfSexExploitation",
    "vic_LocationOfExploitation",
    "cas_Status",
    "cas_ReferringOrganisation",
    "cas_IncomingReferralDate",
    "cas_ReferringPrimaryCaseWorker",
    "cas_ReasonForIncomingReferral",
    "cas_IncomingReferralDetails",
)
CONTROLS = "vic_Methods_of_Control"
#: The columns whose values an officer picks from the standard's list.
PICKED = (
    "vic_MethodOfRecruitment",
    "vic_TypeOfExploitation",
    "vic_ForcedLabourIndustry",
    "vic_TypeOfSexExploitation",
)
GENDERS = {"F": "Feminine", "M": "Masculine", "X": "NonConforming"}
STATUSES = ("Active", "FollowUp", "Closed", "ClosedReferred")
DELIMITER = ";"

#: Column → value of the standard → words.
Values = Mapping[str, Mapping[str, Text]]


@dataclass(frozen=True)
class CaseFacts:
    """What is told of one case, nothing of who it is.

    `picked`: column of `PICKED` → values. `found`: ids of the indicators answered yes. `is_presumed`: whether the
    officer reads a presumed victim. `sex`: the product's code, `citizenship`: ISO 3166-1 alpha-2, empty if unknown.
    """

    sex: str
    citizenship: str
    consents: bool
    is_presumed: bool
    found: frozenset[str]
    picked: Mapping[str, tuple[str, ...]]
    status: str
    received_on: date | None


def read_values(rows: Iterable[Mapping[str, str]]) -> dict[str, dict[str, Text]]:
    """Return the values of the standard with their words.

    Args:
        rows: column → text, with the columns field, value, label_es, label_en and label_fr.

    Raises:
        InvalidContent: with every problem: a field that the standard's form does not have, a repeated value, an empty
            text, a value with the delimiter in it.
    """
    problems: list[str] = []
    values: dict[str, dict[str, Text]] = {}
    for number, row in enumerate(rows, start=2):
        field, value = row["field"], row["value"]
        flaws = [f"{column} is empty" for column in find_gaps(row, "label")]
        if field not in COLUMNS:
            flaws.append(f"“{field}” is no field of the standard")
        if value in values.get(field, {}):
            flaws.append(f"{value} of {field} stands there already")
        if not value or DELIMITER in value:
            flaws.append(f"“{value}” cannot be a value")
        if flaws:
            problems += [f"line {number}: {flaw}" for flaw in flaws]
            continue
        values.setdefault(field, {})[value] = read_text(row, "label")
    if problems:
        raise InvalidContent(problems)
    return values


def read_controls(rows: Iterable[Mapping[str, str]], values: Values) -> dict[str, str]:
    """Return indicator id → method of control of the standard.

    Args:
        rows: column → text, with the columns indicator_id and value.
        values: what `read_values` returned.

    Raises:
        InvalidContent: with every value that the standard's list does not hold and every indicator that comes twice.
    """
    problems: list[str] = []
    controls: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        if row["value"] not in values.get(CONTROLS, {}):
            problems.append(f"line {number}: “{row['value']}” is no method of control of the standard")
        if row["indicator_id"] in controls:
            problems.append(f"line {number}: {row['indicator_id']} stands there already")
        controls[row["indicator_id"]] = row["value"]
    if problems:
        raise InvalidContent(problems)
    return controls


def find_controls(found: Iterable[str], controls: Mapping[str, str]) -> tuple[str, ...]:
    """Return the standard's methods of control that indicators answered yes amount to, each once, in order.

    Args:
        found: ids of indicators.
        controls: indicator id → method of control; an indicator that is none is left out.
    """
    return tuple(sorted({controls[name] for name in found if name in controls}))


def build_htcds_rows(cases: Iterable[CaseFacts], controls: Mapping[str, str]) -> list[dict[str, str]]:
    """Return one row a case, in an order that tells nothing of when the cases came.

    Only who is a *presumed* victim gets a status (`PossibleVictimOfTrafficking`): a screening never decides that
    somebody is or is not a victim.

    Args:
        controls: see `find_controls`.

    Raises:
        ValueError: where a case has a status or a picked column that the standard does not know.
    """
    rows = [_build_row(case, controls) for case in cases]
    return sorted(rows, key=lambda row: tuple(row.values()))


def _build_row(case: CaseFacts, controls: Mapping[str, str]) -> dict[str, str]:
    if case.status not in STATUSES:
        raise ValueError(f"{case.status} is no status of the standard.")
    if strangers := set(case.picked) - set(PICKED):
        raise ValueError(f"Nobody picks {', '.join(sorted(strangers))}.")
    told = {
        "con_Consent": "TRUE" if case.consents else "FALSE",
        "prs_Gender": GENDERS.get(case.sex, "NonSpecifiedUnknown"),
        "prs_Citizenship": case.citizenship,
        "vic_TraffickingStatus": "PossibleVictimOfTrafficking" if case.is_presumed else "",
        "vic_TraffickingStatusDecisionMakingOrg": "Other" if case.is_presumed else "",
        CONTROLS: DELIMITER.join(find_controls(case.found, controls)),
        "cas_Status": case.status,
        "cas_IncomingReferralDate": case.received_on.replace(day=1).isoformat() if case.received_on else "",
    }
    told |= {column: DELIMITER.join(sorted(values)) for column, values in case.picked.items()}
    return {column: told.get(column, "") for column in COLUMNS}
