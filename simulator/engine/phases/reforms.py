"""Phase 1, reforms: the clock moves on, and changes due this month are made."""

import calendar

import numpy as np

from simulator.core.clock import JANUARY
from simulator.engine.engine import Engine
from simulator.engine.state.sums import Sums
from simulator.engine.state.world import Tally, World


def reforms(world: World, engine: Engine) -> None:
    """1. The clock moves on, and changes due this month are made."""
    year, month = (int(part) for part in world.label().split("-"))
    clock = world.clock[0]
    if world.month:
        clock["first_day"] += clock["days"]
    clock["month"], clock["calendar"] = world.month, month
    clock["days"] = calendar.monthrange(year, month)[1]
    for when, change in world.scheduled:
        if when == world.month:
            change(world)
    sums = Sums(world, world.emptied())
    none = np.zeros((0, 4), np.int64)
    unasked = np.zeros(len(world.facilities), np.int64)
    world.tally = Tally(
        sums.counts, sums.events, sums.plans, sums.incomes, sums.ages, none, sums.homes, unasked, unasked, sums.extras
    )
    if month == JANUARY:
        world.year_sums = {}
