"""Figures that were printed elsewhere, and what the engine makes of the same data."""

from collections.abc import Callable

import numpy as np

from puente.engines.reach.effect.calls import interrupt_series
from puente.engines.reach.effect.counts import Family
from puente.engines.reach.effect.surveys import compare_waves
from puente.engines.reach.models import BetaBinomial, Metheringham, Sainsbury, Table, binomial
from puente.engines.reach.planner.respondents import find_touch, share_at_least

# Acute coronary events a month in Sicily, January 2002 to November 2006, and the age-standardised population; the
# smoking ban began in month 37. Data of Bernal, Cummins and Gasparrini, IJE 2017.
SICILY_EVENTS = """
    728 659 791 734 757 726 760 740 720 814 795 858 887 766 851 769 781 756 766 752
    765 831 879 928 914 808 937 840 916 828 845 818 860 839 887 886 831 796 833 820
    877 758 767 738 781 843 850 908 1021 859 976 888 962 838 810 876 843 936 912
"""
SICILY_POPULATION = """
    379875.3 376495.5 377040.8 377116.4 377383.4 374113.1 379513.3 376295.5 374653.2 378485.6 375955.5 378349.7
    376762.4 379032.3 379360.4 376162.0 377972.4 381830.7 379888.6 380872.2 380966.9 381240.4 382104.9 381802.7
    381656.3 383680.0 383504.2 386462.9 383783.1 380836.8 383483.0 380906.2 382926.8 384052.4 384449.6 383428.4
    388153.2 388373.2 386470.1 386033.2 383686.4 385509.3 385901.9 386516.6 388436.5 383255.2 390148.7 385874.9
    391613.6 391750.4 394005.6 391364.9 391664.6 389022.3 391878.5 388575.3 392989.0 390018.8 390712.3
"""

# IOM X, "I am Fatima", Philippines: per cent before (243 women) and after (385).
FATIMA = {"knowledge": (72, 86), "negative attitude": (24, 13), "positive attitude": (30, 25), "intent": (68, 75)}
FATIMA_ASKED = (243, 385)


def sicily(family: Family, harmonics: int = 0) -> str:
    """Return rate ratio and interval of the smoking ban, as printed."""
    counts = np.array(SICILY_EVENTS.split(), dtype=np.float64)
    population = np.array(SICILY_POPULATION.split(), dtype=np.float64)
    change = interrupt_series(counts, 36, family=family, offset=np.log(population), harmonics=harmonics).change
    return f"{change.value:.4f} ({change.low:.4f}–{change.high:.4f})"


def fatima(name: str) -> str:
    """Return the interval of a change, in percentage points, as printed."""
    before, after = FATIMA[name]
    first, second = FATIMA_ASKED
    change = compare_waves(round(before * first / 100), first, round(after * second / 100), second)
    return f"{100 * change.low:.1f} to {100 * change.high:.1f}"


def _vehicles() -> list[tuple[str, str, str]]:
    three = Table(np.array([[0.3, 0.4, 0.2]]), np.zeros((1, 3, 3)), 400)
    plain = Sainsbury(three).distribution(np.array([1, 1, 1]), 0)
    repeated = BetaBinomial(Table(np.array([[0.5]]), np.array([[[0.45]]]), 400)).distribution(np.array([5]), 0)
    shared = np.array([[150, 200, 180], [200, 120, 140], [180, 140, 170]]) / 10_000
    averaged = Metheringham(Table(np.array([[0.15, 0.08, 0.12]]), shared[None], 400)).distribution(
        np.array([4, 3, 5]), 0
    )
    return [
        ("Sainsbury .3 .4 .2, 1+", "0.6640", f"{1 - plain[0]:.4f}"),
        ("Sainsbury, once", "0.452", f"{plain[1]:.3f}"),
        ("Sainsbury, twice", "0.188", f"{plain[2]:.3f}"),
        ("Sainsbury, three times", "0.024", f"{plain[3]:.3f}"),
        ("Binomial .3, 1+", "0.6570", f"{1 - binomial(3, 0.3)[0]:.4f}"),
        ("Beta-binomial .5 .55, 5 spots", "0.603365", f"{1 - repeated[0]:.6f}"),
        ("Metheringham, 1+", "0.74342", f"{1 - averaged[0]:.5f}"),
        ("Metheringham, once", "0.3266", f"{averaged[1]:.4f}"),
        ("Metheringham, twice", "0.2315", f"{averaged[2]:.4f}"),
        ("Metheringham, three times", "0.1178", f"{averaged[3]:.4f}"),
        ("3+ envelope, touch", "3.3836", f"{find_touch(3):.4f}"),
        ("3+ envelope, slope", "0.1942", f"{share_at_least(np.array(find_touch(3)), 3) / find_touch(3):.4f}"),
    ]


def list_published() -> list[tuple[str, str, str]]:
    """Return (what, as printed, as the engine has it) of every example."""
    series: list[tuple[str, str, Callable[[], str]]] = [
        ("Sicily, Poisson", "0.8944 (0.8647–0.9251)", lambda: sicily(Family.POISSON)),
        ("Sicily, quasi-Poisson", "0.8944 (0.8392–0.9532)", lambda: sicily(Family.QUASI)),
        ("Sicily, two harmonics", "0.8851 (0.8394–0.9332)", lambda: sicily(Family.QUASI, 2)),
        ("Fatima, knowledge", "7.4 to 20.7", lambda: fatima("knowledge")),
        ("Fatima, negative attitude", "-17.4 to -4.7", lambda: fatima("negative attitude")),
        ("Fatima, positive attitude", "-12.4 to 2.0", lambda: fatima("positive attitude")),
        ("Fatima, intent", "-0.0 to 14.5", lambda: fatima("intent")),
    ]
    return _vehicles() + [(what, printed, found()) for what, printed, found in series]
