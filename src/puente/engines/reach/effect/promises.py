"""What a report may say: the main outcome as named before airing, and no claim that the design cannot carry."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True)
class Outcome:
    """What a campaign will be judged by. direction: "more" or "less" of the answer."""

    question: str
    answer: str
    direction: str
    design: str
    smallest_change: float


@dataclass(frozen=True)
class Registration:
    """An outcome, when it was named, and a digest that changes with every word of either."""

    outcome: Outcome
    named: datetime
    digest: str


def register_outcome(outcome: Outcome, named: datetime) -> Registration:
    """Name the main outcome. named: an instant (aware)."""
    return Registration(outcome, named, _digest(outcome, named))


def check_registration(registration: Registration, first_airing: datetime) -> str:
    """Return "before" or "after" the first airing, as the report must say, or "altered" where the digest differs."""
    if registration.digest != _digest(registration.outcome, registration.named):
        return "altered"
    return "before" if registration.named < first_airing else "after"


def _digest(outcome: Outcome, named: datetime) -> str:
    text = json.dumps([asdict(outcome), named.isoformat()], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


_CLAIMS = (
    r"(reduc|decreas|lower|less|fewer|cut|prevent|stop|drop|fall)\w*\b[^.]{0,40}\b(trafficking|smuggling|victims)",
    r"(trafficking|smuggling)\b[^.]{0,30}\b(fell|dropped|declined|decreased|was reduced|went down|has fallen)",
    r"(redu[jcz]|disminu|baj[óa]|menos|evit[óa]|frena|previn)\w*\b[^.]{0,40}\b(trata\b|tráfico|víctimas)",
    r"(trata|tráfico)\b[^.]{0,30}\b(se redujo|disminuyó|bajó|cayó|descendió)",
    r"(rédui|dimin|baiss|moins|évit|empêch)\w*\b[^.]{0,40}\b(traite\b|trafic|victimes)",
    r"(traite|trafic)\b[^.]{0,30}\b(a diminué|a baissé|a reculé|s'est réduite)",
)


def find_claims(text: str) -> list[str]:
    """Return the passages of a report, in English, Spanish or French, that claim less trafficking or smuggling.

    Neither surveys nor calls can show that; a report with such a passage is not released.
    """
    found = []
    for pattern in _CLAIMS:
        found += [match.group(0) for match in re.finditer(pattern, text, re.IGNORECASE)]
    return found
