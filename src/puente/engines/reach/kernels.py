"""Compiling what is compiled before anybody waits for it."""

from datetime import date

import numpy as np

from puente.engines.reach.airings import draw_airings, measure_airings
from puente.engines.reach.instance import Audience, Goal, Instance, Outlet, Phase, Programme, Site
from puente.engines.reach.panel import Panel, count_exposures
from puente.engines.reach.planner.planning import open_columns, plan_campaign
from puente.engines.reach.planner.respondents import PanelReach
from puente.engines.reach.planner.stages import Effort


def compile_ahead() -> None:
    """Compile the kernels, or read what was compiled before, by planning one spot on one person."""
    panel = Panel(np.ones(1), np.ones((1, 1), np.bool_), np.full((1, 1), 0.1, np.float32), 1)
    count_exposures(panel, np.ones(1, np.int64), 0)
    measure_airings(draw_airings(panel, np.zeros(1, np.int64), 0), np.zeros(1, np.int64), np.ones(1))
    day = date(2027, 1, 4)
    one = np.ones((1, 1))
    instance = Instance(
        (Site("site"),),
        (Audience("all"),),
        one,
        one,
        one,
        (Phase("phase", day, day),),
        (Outlet("outlet", 0, 1),),
        (Programme("programme", 0, (True,) * 7, 600, 1, 1, 1),),
        0.1 * one,
        1,
        goals=(Goal.VALUE,),
    )
    for times in (1, 3):
        model = PanelReach(instance, open_columns(instance), [panel], times=times)
        plan_campaign(instance, Effort(seconds=5), model)
