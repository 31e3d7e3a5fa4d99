"""Airings as they fall: which respondents hear each single airing, a bit for each person.

What is planned is an expectation. Drawn airing by airing, the panel answers in a fraction of a millisecond what a
given list of airings reaches, so that a page can follow every click.
"""

import numpy as np

from puente.engines.reach.numbers import Floats, Whole, Words, compiled
from puente.engines.reach.panel import Panel

WORD = 64
# 2^PLANES − 1 is the highest count that the bit counters hold; more often is counted as that often.
PLANES = 4
HIGHEST_COUNT = 2**PLANES - 1


def draw_airings(panel: Panel, programmes: Whole, seed: int) -> Words:
    """Draw who hears each airing, shape (airings, words); bit p of word w is person 64·w + p.

    Args:
        programmes: (airings,) the programme of each airing.
    """
    rng = np.random.default_rng(seed)
    people = panel.chance.shape[1]
    words = -(-people // WORD)
    drawn = np.zeros((len(programmes), words), dtype=np.uint64)
    for row, programme in enumerate(programmes):
        hears = np.zeros(words * WORD, dtype=np.bool_)
        hears[:people] = rng.random(people, dtype=np.float32) < panel.chance[programme]
        drawn[row] = np.packbits(hears, bitorder="little").view(np.uint64)
    return drawn


def measure_airings(airings: Words, chosen: Whole, weight: Floats) -> Floats:
    """Return the share of people who hear 0, 1, …, 14, and 15 or more of the chosen airings, shape (16,).

    Args:
        airings: as from `draw_airings`. chosen: rows of it. weight: (people,) as from `Panel.weights_of`.
    """
    return _measure(airings, chosen, weight)


@compiled
def _measure(airings: Words, chosen: Whole, weight: Floats) -> Floats:
    shares = np.zeros(HIGHEST_COUNT + 1)
    planes = np.zeros(PLANES, dtype=np.uint64)
    for word in range(airings.shape[1]):
        planes[:] = 0
        for row in chosen:
            carry = airings[row, word]
            full = planes[0]
            for plane in range(1, PLANES):
                full &= planes[plane]
            carry &= ~full  # a counter that is full stays full
            for plane in range(PLANES):
                flowing = planes[plane] & carry
                planes[plane] ^= carry
                carry = flowing
        last = min(WORD, weight.size - word * WORD)
        for bit in range(last):
            count = 0
            for plane in range(PLANES):
                count |= ((planes[plane] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(plane)
            shares[count] += weight[word * WORD + bit]
    return shares
