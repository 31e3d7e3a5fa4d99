"""How much each part of the value counts.

The shape (similarity, wage against the floor, distance, conditions; added up) is the utility of U x P rankings
of public employment services (Bied et al. 2026; the Tabiya engine). The numbers are judgement: no reachable
data holds Mexican people, openings and outcomes together. They are to be fitted once outcomes at 3 months
exist, and a change of any of them changes the version.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the terms, and the few constants that shape them."""

    version: str = "2026-11-1"
    # Similarity leads and does not rule: broad occupational scope helped most in the large trial
    # (Le Barbanchon, Hensvik, Rathelot 2023).
    occupation: float = 0.45
    # Twice the floor earns the whole weight; each further peso counts less, hence the logarithm.
    wage: float = 0.20
    nearness: float = 0.12
    preference: float = 0.10
    schedule: float = 0.08
    housing: float = 0.05
    # A job done for a day counts half of one done for long; two thirds of the rest are there after years_scale.
    new_job_share: float = 0.5
    years_scale: float = 3.0
    # A code that nobody confirmed counts for less than one that the person did.
    unconfirmed_share: float = 0.6
    # A daily trip of about an hour by bus.
    distance_scale_km: float = 30.0
    # What may be said in words: "lives near" up to here, "similar work" from here.
    near_km: float = 50.0
    similar_enough: float = 0.5

    def __post_init__(self) -> None:
        for weight in fields(self):
            number = getattr(self, weight.name)
            if weight.name != "version" and not 0 <= number < 1000:
                raise ValueError(f"{weight.name} must lie between 0 and 1000")
        if not (self.years_scale > 0 and self.distance_scale_km > 0):
            raise ValueError("years_scale and distance_scale_km must be above 0")
        if self.new_job_share > 1 or self.unconfirmed_share > 1:
            raise ValueError("new_job_share and unconfirmed_share are shares: at most 1")
