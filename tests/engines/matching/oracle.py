"""The shortlist once more, straight from the rules: one pair at a time, plain Python, no index and no bits.

Shares with the engine only its public types. Where the engine is clever (packed words, one pass, a list that is
kept while scanning, steps read off the broken rules) this file does the plain thing: it tries every pair, sorts
everything, and for "one more" changes the profile and starts again.
"""

import math
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from puente.engines.matching import (
    Answers,
    Kind,
    Municipalities,
    OccupationSimilarity,
    OpeningTable,
    PersonProfile,
    Question,
    QuestionCode,
    Reason,
    ReasonCode,
    Rule,
    Weights,
)

Row = dict[str, Any]
Broken = tuple[Rule, int]
TERMS = ("occupation", "wage", "nearness", "preference", "schedule", "housing")


@dataclass
class Market:
    rows: list[Row]
    municipalities: Municipalities
    similarity: OccupationSimilarity
    weights: Weights
    now: date


def read_rows(table: OpeningTable) -> list[Row]:
    columns = {column.name: getattr(table, column.name).tolist() for column in fields(table)}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def bits(mask: int) -> list[int]:
    return [bit for bit in range(64) if mask >> bit & 1]


def has(mask: int, bit: int) -> bool:
    return mask >> bit & 1 == 1


def is_open_today(row: Row, now: date, kinds: set[Kind]) -> bool:
    return (
        row["places_left"] > 0
        and (row["valid_until"] is None or row["valid_until"] >= now)
        and Kind(row["kind"]) in kinds
    )


def is_in_a_named_place(profile: PersonProfile, row: Row, municipalities: Municipalities) -> bool:
    if row["remote"] or not profile.places or row["state"] == -1:
        return True
    for choice in profile.places:
        if choice.state is not None:
            if choice.state == row["state"]:
                return True
        elif row["municipality"] == -1:
            if municipalities.state[choice.municipality] == row["state"]:
                return True
        elif choice.municipality == row["municipality"]:
            return True
    return False


def must_never_send(profile: PersonProfile, row: Row, municipalities: Municipalities) -> bool:
    states, places = profile.never_send_states, profile.never_send_municipalities
    if row["state"] == -1:
        return bool(states or places)
    if row["municipality"] == -1:
        return row["state"] in states or row["state"] in {municipalities.state[place] for place in places}
    return row["state"] in states or row["municipality"] in places


def find_broken(profile: PersonProfile, row: Row) -> list[Broken]:
    """Return every rule that the pair breaks, in the stated order."""
    broken: list[Broken] = []
    if profile.age is not None and row["minimum_age"] != -1 and profile.age < row["minimum_age"]:
        broken.append((Rule.TOO_YOUNG, 0))
    if profile.age is not None and row["maximum_age"] != -1 and profile.age > row["maximum_age"]:
        broken.append((Rule.TOO_OLD, 0))
    broken += [(Rule.LICENCE, bit) for bit in bits(row["licences"]) if has(profile.licences.no, bit)]
    broken += [(Rule.DOCUMENT, bit) for bit in bits(row["documents"]) if has(profile.documents.no, bit)]
    if profile.schooling is not None and profile.schooling < row["schooling"]:
        broken.append((Rule.SCHOOLING, row["schooling"]))
    if profile.english is not None and profile.english < row["english"]:
        broken.append((Rule.ENGLISH, row["english"]))
    broken += [(Rule.LANGUAGE, bit) for bit in bits(row["languages"]) if has(profile.languages.no, bit)]
    broken += [(Rule.PHYSICAL, bit) for bit in bits(row["physical"]) if has(profile.physical.no, bit)]
    if (
        row["housing"]
        and row["household_places"] != -1
        and profile.household_size is not None
        and profile.household_size > row["household_places"]
    ):
        broken.append((Rule.HOUSEHOLD, 0))
    broken += [(Rule.SCHEDULE, bit) for bit in bits(row["schedule"]) if has(profile.schedule.no, bit)]
    if profile.max_hours is not None and not math.isnan(row["hours"]) and row["hours"] > profile.max_hours:
        broken.append((Rule.HOURS, 0 if row["hours"] <= 48 else 1))
    if (
        row["kind"] == Kind.VACANCY
        and not math.isnan(row["wage"])
        and profile.wage_floor is not None
        and row["wage"] < profile.wage_floor - profile.wage_give
    ):
        broken.append((Rule.WAGE, 0))
    return broken


def find_median_wage(rows: list[Row]) -> float:
    wages = sorted(
        row["wage"]
        for row in rows
        if row["places_left"] > 0 and row["kind"] == Kind.VACANCY and not math.isnan(row["wage"])
    )
    if not wages:
        return 1.0
    middle = len(wages) // 2
    return wages[middle] if len(wages) % 2 else (wages[middle - 1] + wages[middle]) / 2


def measure_kilometres(home: tuple[float, float], latitude: float, longitude: float) -> float:
    """Spherical law of cosines in its tangent form (Vincenty's for a sphere): not the engine's formula."""
    phi, psi = math.radians(home[0]), math.radians(latitude)
    turn = math.radians(longitude - home[1])
    across = math.hypot(
        math.cos(psi) * math.sin(turn),
        math.cos(phi) * math.sin(psi) - math.sin(phi) * math.cos(psi) * math.cos(turn),
    )
    along = math.sin(phi) * math.sin(psi) + math.cos(phi) * math.cos(psi) * math.cos(turn)
    return 6371.0088 * math.atan2(across, along)


def find_past_job(profile: PersonProfile, row: Row, market: Market) -> tuple[int, float]:
    """Return the number of the past job that counts most (or -1) and its term in millionths."""
    best, best_term = -1, 0
    if row["sinco"] == -1:
        return best, best_term
    for number, job in enumerate(profile.jobs):
        weights = market.weights
        practice = 1 - math.exp(-(job.years or 0) / weights.years_scale)
        share = weights.new_job_share + (1 - weights.new_job_share) * practice
        share *= 1 if job.confirmed else weights.unconfirmed_share
        alike = float(market.similarity.matrix[job.sinco, row["sinco"]])
        term = round(weights.occupation * share * alike * 1_000_000)
        if term > best_term:
            best, best_term = number, term
    return best, best_term


def find_rank(profile: PersonProfile, row: Row) -> int:
    for number, choice in enumerate(profile.places, start=1):
        if choice.state is not None and choice.state == row["state"]:
            return number
        if choice.municipality is not None and choice.municipality == row["municipality"]:
            return number
    return 0


def find_distance(profile: PersonProfile, row: Row, market: Market) -> float | None:
    if profile.home is None or row["municipality"] == -1:
        return None
    seat = row["municipality"]
    return measure_kilometres(
        profile.home, float(market.municipalities.latitude[seat]), float(market.municipalities.longitude[seat])
    )


def value(profile: PersonProfile, row: Row, market: Market, median_wage: float) -> list[int]:
    """Return the terms in millionths."""
    weights = market.weights
    wage = 0
    if row["kind"] == Kind.VACANCY and not math.isnan(row["wage"]):
        floor = profile.wage_floor if profile.wage_floor is not None else median_wage
        above = round(math.log2(row["wage"]) * 1_000_000) - round(math.log2(floor) * 1_000_000)
        wage = max(-1_000_000, min(1_000_000, above)) * round(weights.wage * 2**20) // 2**20
    distance, rank = find_distance(profile, row, market), find_rank(profile, row)
    if row["remote"]:
        nearness, preference = weights.nearness, weights.preference if profile.places else 0.0
    else:
        nearness = 0.0 if distance is None else weights.nearness * math.exp(-distance / weights.distance_scale_km)
        preference = weights.preference / rank if rank else 0.0
    sundays, nights, rotating = (has(row["schedule"], bit) for bit in range(3))
    comfort = 10 - 3 * sundays - 3 * nights - 2 * rotating - 2 * (row["hours"] > 48)
    return [
        find_past_job(profile, row, market)[1],
        wage,
        round(nearness * 1_000_000),
        round(preference * 1_000_000),
        comfort * round(weights.schedule / 10 * 1_000_000),
        round(weights.housing * 1_000_000) if row["housing"] else 0,
    ]


def find_reasons(
    profile: PersonProfile, row: Row, market: Market, terms: list[int], means: list[int], median: float
) -> tuple[Reason, ...]:
    said: dict[str, Reason] = {}
    number = find_past_job(profile, row, market)[0]
    if number >= 0:
        job = profile.jobs[number]
        alike = float(market.similarity.matrix[job.sinco, row["sinco"]])
        if job.sinco == row["sinco"]:
            said["occupation"] = Reason(ReasonCode.DID_THIS_WORK, {"sinco": job.sinco, "years": job.years})
        elif alike >= market.weights.similar_enough:
            said["occupation"] = Reason(ReasonCode.SIMILAR_WORK, {"sinco": job.sinco, "similarity": round(alike, 2)})
    if row["kind"] == Kind.VACANCY and not math.isnan(row["wage"]):
        if profile.wage_floor is not None and row["wage"] - profile.wage_floor >= 1:
            said["wage"] = Reason(ReasonCode.PAYS_ABOVE_FLOOR, {"pesos": math.floor(row["wage"] - profile.wage_floor)})
        if profile.wage_floor is None and row["wage"] - median >= 1:
            said["wage"] = Reason(ReasonCode.PAYS_ABOVE_MEDIAN, {"pesos": math.floor(row["wage"] - median)})
    distance, rank = find_distance(profile, row, market), find_rank(profile, row)
    if row["remote"]:
        said["nearness"] = said["preference"] = Reason(ReasonCode.WORKS_FROM_HOME)
    else:
        if distance is not None and distance <= market.weights.near_km:
            said["nearness"] = Reason(ReasonCode.LIVES_NEAR, {"km": round(distance)})
        if rank:
            said["preference"] = Reason(ReasonCode.PREFERRED_PLACE, {"rank": rank})
    if row["schedule"] == 0 and row["hours"] <= 48:
        said["schedule"] = Reason(ReasonCode.REGULAR_WEEK)
    if row["housing"]:
        places = row["household_places"]
        said["housing"] = Reason(ReasonCode.HOUSING_INCLUDED, {"places": None if places == -1 else places})
    ranked = sorted(range(len(TERMS)), key=lambda term: (-(terms[term] - means[term]), -terms[term], term))
    reasons: list[Reason] = []
    for term in ranked:
        reason = said.get(TERMS[term])
        if terms[term] > 0 and reason is not None and reason not in reasons:
            reasons.append(reason)
    return tuple(reasons[:2])


def find_questions(profile: PersonProfile, row: Row, market: Market) -> tuple[Question, ...]:
    def unasked(code: QuestionCode, mask: int, answers: Answers) -> list[Question]:
        return [Question(code, bit) for bit in bits(mask) if not has(answers.yes | answers.no, bit)]

    questions = unasked(QuestionCode.LICENCE, row["licences"], profile.licences)
    questions += unasked(QuestionCode.DOCUMENT, row["documents"], profile.documents)
    if row["schooling"] and profile.schooling is None:
        questions.append(Question(QuestionCode.SCHOOLING, row["schooling"]))
    if row["english"] and profile.english is None:
        questions.append(Question(QuestionCode.ENGLISH, row["english"]))
    questions += unasked(QuestionCode.LANGUAGE, row["languages"], profile.languages)
    questions += unasked(QuestionCode.PHYSICAL, row["physical"], profile.physical)
    questions += unasked(QuestionCode.SCHEDULE, row["schedule"], profile.schedule)
    paid = row["kind"] == Kind.VACANCY
    if profile.age is None and (row["minimum_age"], row["maximum_age"]) != (-1, -1):
        questions.append(Question(QuestionCode.AGE))
    if profile.household_size is None and row["housing"] and row["household_places"] != -1:
        questions.append(Question(QuestionCode.HOUSEHOLD))
    if profile.max_hours is None and not math.isnan(row["hours"]):
        questions.append(Question(QuestionCode.HOURS))
    if profile.wage_floor is None and paid and not math.isnan(row["wage"]):
        questions.append(Question(QuestionCode.WAGE))
    if not profile.places:
        questions.append(Question(QuestionCode.PLACES))
    if not profile.jobs:
        questions.append(Question(QuestionCode.JOBS))
    number = find_past_job(profile, row, market)[0]
    if number >= 0 and not profile.jobs[number].confirmed:
        questions.append(Question(QuestionCode.JOB_CODE, profile.jobs[number].sinco))
    if paid and math.isnan(row["wage"]):
        questions.append(Question(QuestionCode.EMPLOYER_WAGE))
    if math.isnan(row["hours"]):
        questions.append(Question(QuestionCode.EMPLOYER_HOURS))
    if row["municipality"] == -1:
        questions.append(Question(QuestionCode.EMPLOYER_PLACE))
    if row["housing"] and row["household_places"] == -1:
        questions.append(Question(QuestionCode.EMPLOYER_HOUSEHOLD_PLACES))
    if row["sinco"] == -1:
        questions.append(Question(QuestionCode.EMPLOYER_OCCUPATION))
    return tuple(questions)


def group_of(row: Row) -> tuple[Any, ...]:
    wage = None if math.isnan(row["wage"]) else row["wage"]
    place = (row["state"], row["municipality"], row["remote"])
    return (row["kind"], row["sinco"], place, row["employer"], wage)


def make_list(profile: PersonProfile, market: Market, limit: int, kinds: set[Kind]) -> dict[str, Any]:
    """Return entries as dictionaries, the open ids with their values, and the hidden pairs."""
    median = find_median_wage(market.rows)
    open_rows: list[tuple[int, Row, list[int]]] = []
    hidden: list[list[Broken]] = []
    for row in market.rows:
        if not is_open_today(row, market.now, kinds) or not is_in_a_named_place(profile, row, market.municipalities):
            continue
        if must_never_send(profile, row, market.municipalities):
            continue
        broken = find_broken(profile, row)
        if broken:
            hidden.append(broken)
        else:
            terms = value(profile, row, market, median)
            open_rows.append((sum(terms), row, terms))
    open_rows.sort(key=lambda found: (-found[0], found[1]["id"]))
    means = [sum(terms[i] for _, _, terms in open_rows) // max(len(open_rows), 1) for i in range(len(TERMS))]
    listed: list[tuple[int, Row, list[int]]] = []
    for found in open_rows:
        alike = sum(1 for _, row, _ in listed if group_of(row) == group_of(found[1]))
        if alike < 2 and len(listed) < limit:
            listed.append(found)
    entries = []
    for number, (total, row, terms) in enumerate(listed):
        later = [other for _, other, _ in listed[number + 1 :] if group_of(other) == group_of(row)]
        shown = sum(1 for _, other, _ in listed if group_of(other) == group_of(row))
        alike = sum(1 for _, other, _ in open_rows if group_of(other) == group_of(row))
        entries.append(
            {
                "id": row["id"],
                "value": total / 1_000_000,
                "terms": {name: term / 1_000_000 for name, term in zip(TERMS, terms, strict=True)},
                "reasons": find_reasons(profile, row, market, terms, means, median),
                "to_confirm": find_questions(profile, row, market),
                "more_like_this": 0 if later else alike - shown,
            }
        )
    return {"entries": entries, "open": [(row["id"], total) for total, row, _ in open_rows], "hidden": hidden}


def count_hidden(hidden: list[list[Broken]]) -> dict[Broken, tuple[int, int]]:
    """Return how many pairs break each rule first, and how many that rule alone."""
    counts: dict[Broken, tuple[int, int]] = {}
    for broken in hidden:
        first, alone = counts.get(broken[0], (0, 0))
        counts[broken[0]] = (first + 1, alone + (len(broken) == 1))
    return counts


def list_steps(profile: PersonProfile) -> dict[Broken, PersonProfile]:
    """Return the profile after each single step that a person could take."""
    steps: dict[Broken, PersonProfile] = {}
    for rule, name in ((Rule.LICENCE, "licences"), (Rule.DOCUMENT, "documents"), (Rule.SCHEDULE, "schedule")):
        answers: Answers = getattr(profile, name)
        for bit in bits(answers.no):
            gained = Answers(answers.yes | 1 << bit, answers.no & ~(1 << bit))
            steps[rule, bit] = replace(profile, **{name: gained})
    if profile.schooling is not None and profile.schooling < 8:
        steps[Rule.SCHOOLING, profile.schooling + 1] = replace(profile, schooling=profile.schooling + 1)
    if profile.english is not None and profile.english < 6:
        steps[Rule.ENGLISH, profile.english + 1] = replace(profile, english=profile.english + 1)
    if profile.max_hours is not None and profile.max_hours < 48:
        steps[Rule.HOURS, 0] = replace(profile, max_hours=48.0)
    return steps


def find_one_more(
    profile: PersonProfile, market: Market, limit: int, kinds: set[Kind]
) -> dict[Broken, tuple[int, Any, int | None]]:
    """Return, for each step that opens something: how many, the best, and its place in the new list."""
    before = {name for name, _ in make_list(profile, market, limit, kinds)["open"]}
    opened = {}
    for step, changed in list_steps(profile).items():
        after = make_list(changed, market, limit, kinds)
        newcomers = [name for name, _ in after["open"] if name not in before]
        if newcomers:
            names = [entry["id"] for entry in after["entries"]]
            rank = names.index(newcomers[0]) + 1 if newcomers[0] in names else None
            opened[step] = (len(newcomers), newcomers[0], rank)
    return opened
