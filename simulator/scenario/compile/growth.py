"""Growth in a world: each January, what grows by a rate of its own, and what a yuan of the year is worth."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel

from simulator.core.money import rounded
from simulator.core.units import Follows
from simulator.engine.state.world import World
from simulator.population.shapes import shapes
from simulator.population.working_life import BY_INCOME, ODDS
from simulator.scenario.compile.capacity import catastrophic_at
from simulator.scenario.schema.growth import OWN, Growth
from simulator.scenario.schema.rules import Rules

MONTHS = 12


def years_grown(month: int, start: int) -> int:
    """Januaries after the first reported month up to ``month``, both in months since the year nought.

    >>> [years_grown(2023 * 12 + m, 2023 * 12) for m in (0, 11, 12, 24)]
    [0, 0, 1, 2]
    """
    return max(0, month // MONTHS - start // MONTHS)


def grown(rules: Rules, growth: Growth, years: int) -> Rules:
    """The rules after so many years, in the money of the first: amounts that follow a rate of their own are whole fen
    again, halves up."""
    factors = {what: growth.beyond(what, years) for what in OWN}
    return rules if all(factor == 1.0 for factor in factors.values()) else _grown(rules, factors, 1.0)


def _grown(value: Any, factors: Mapping[str, float], factor: float) -> Any:
    """A value of the rules: amounts times ``factor``, and in a block those of its fields by what these follow."""
    if isinstance(value, BaseModel):
        changed = {}
        for name, field in type(value).model_fields.items():
            old = getattr(value, name)
            mine = next((factors[each.rate] for each in field.metadata if isinstance(each, Follows)), factor)
            new = _grown(old, factors, mine)
            if new is not old:
                changed[name] = new
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, dict):
        new = {key: _grown(each, factors, factor) for key, each in value.items()}
        return new if any(new[key] is not value[key] for key in value) else value
    if isinstance(value, int) and not isinstance(value, bool) and factor != 1.0:
        return int(rounded(np.array(value * factor)))
    return value


def grow_place(world: World, growth: Growth, years: int) -> None:
    """Let a January have come, the so manieth after the first year: list prices, incomes, the worth of a yuan.

    Incomes grow from what they were last year, price lists and case groups from those of the first, so that nothing is
    rounded twice that is not whole fen.
    """
    world.money_index = growth.index(years)
    if not growth.apart:
        return
    step = growth.charges(years) / growth.charges(years - 1)
    world.groups["bill"] *= step
    world.price_list.inpatient_price *= step
    income = world.families["income"][:-1]
    richer = growth.beyond("incomes", years) / growth.beyond("incomes", years - 1)
    income[:] = rounded(income * richer)
    # who finds a job depends on incomes against the mean, which has grown with them
    world.work.odds[ODDS] -= world.work.odds[BY_INCOME] * math.log(richer)
    # so have those of newcomers, who are to be as frail as those before them
    world.usual_frailty = world.usual_frailty / richer ** shapes()["frailty"]["income"]["value"]
    world.families["catastrophic_at"][:-1] = catastrophic_at(world.families, world.behaviour[0])
