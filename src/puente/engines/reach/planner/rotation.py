"""Which material airs where: languages and versions in their shares, and never the same one twice in a row."""

from dataclasses import dataclass

from puente.engines.reach.instance import Booking, Instance, InstanceProblem


@dataclass(frozen=True)
class Airing:
    """One spot: programme and day by position, the material by position or None where the campaign has none."""

    programme: int
    day: int
    material: int | None
    free: bool


def rotate(instance: Instance, bookings: tuple[Booking, ...]) -> tuple[Airing, ...]:
    """Give each spot its material, in the order of time on each outlet.

    The material furthest behind its share is next (smooth weighted rotation); shares are those of the site's
    languages times those of the materials in a language, counted over the whole site. The one that just aired on the
    outlet waits, unless no other may air there. Rights, first days and earliest hours are kept.

    Raises:
        InstanceProblem: a booking for which no material may air; the message names programme and day.
    """
    spots = [booking for booking in bookings for _ in range(booking.spots)]
    spots.sort(key=lambda spot: (spot.day, instance.programmes[spot.programme].start, spot.programme))
    if not instance.materials:
        return tuple(Airing(spot.programme, spot.day, None, spot.free) for spot in spots)
    shares = [_shares(instance, site) for site in range(len(instance.sites))]
    behind = [[0.0] * len(instance.materials) for _ in instance.sites]
    last: dict[int, int] = {}
    airings = []
    for spot in spots:
        site = int(instance.site_of[spot.programme])
        outlet = int(instance.outlet_of[spot.programme])
        able = [m for m in range(len(instance.materials)) if shares[site][m] > 0 and may_air(instance, m, spot)]
        if not able:
            programme = instance.programmes[spot.programme].id
            day = instance.date_of(spot.day)
            raise InstanceProblem(
                f"No material may air in {programme} on {day}: look at its rights, first day, earliest hour and the"
                " languages of the site."
            )
        for material in range(len(instance.materials)):
            behind[site][material] += shares[site][material]
        fresh = [material for material in able if material != last.get(outlet)] or able
        chosen = max(fresh, key=lambda material: (behind[site][material], -material))
        behind[site][chosen] -= 1
        last[outlet] = chosen
        airings.append(Airing(spot.programme, spot.day, chosen, spot.free))
    return tuple(airings)


def may_air(instance: Instance, material: int, spot: Booking) -> bool:
    """Tell whether a material may air in a programme on a day."""
    own = instance.materials[material]
    return own.first <= instance.date_of(spot.day) <= own.last and (
        instance.programmes[spot.programme].start >= own.earliest
    )


def _shares(instance: Instance, site: int) -> list[float]:
    languages = instance.sites[site].languages or dict.fromkeys((m.language for m in instance.materials), 1.0)
    whole = sum(languages.values())
    within = {
        language: sum(material.share for material in instance.materials if material.language == language)
        for language in languages
    }
    return [
        languages.get(material.language, 0.0) / whole * material.share / within[material.language]
        if material.language in within
        else 0.0
        for material in instance.materials
    ]
