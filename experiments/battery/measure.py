"""Shocks on one population: a base and its shocked copies part where reporting begins, and share every draw."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from experiments.battery.language import Battery, Places, Series, Shock
from simulator.core.names import TIERS
from simulator.engine.state.world import World
from simulator.simulation import Simulation
from simulator.study.summary import last_months, over_period

BASE = "base"
ALSO = {"capability": ("capability_goal",), "slots": ("own_slots",), "bed_days": ("own_bed_days",)}
"""Columns from which another one follows, and which would undo a change of that one alone."""


def change(world: World, places: Places) -> None:
    """Change what places of some tiers are, in place; whole columns stay whole."""
    table = world.facilities
    mine = np.isin(table["tier"], [TIERS.index(tier) for tier in places.tiers])
    for how, columns in (("times", places.times), ("plus", places.plus), ("set", places.set)):
        for name, by in columns.items():
            for column in (name, *ALSO.get(name, ())):
                table[column][mine] = _changed(table[column][mine], how, by)
            if name == "capability":
                world.own_capability[mine] = _changed(world.own_capability[mine], how, by)


def _changed(values: np.ndarray, how: str, by: float) -> np.ndarray:
    now = {"times": values * by, "plus": values + by, "set": np.full(len(values), by)}[how]
    return np.rint(now).astype(values.dtype) if values.dtype.kind == "i" else now


def strike(simulation: Simulation, shock: Shock) -> Simulation:
    """A copy of a simulation that goes on under a shock."""
    struck = simulation.branch(shock.rules)
    for places in shock.places:
        change(struck.world, places)
    for name, value in shock.parameters.items():
        struck.world.behaviour[name] = value
    return struck


def levels(simulation: Simulation, months: int, watched: set[Series]) -> dict[Series, float]:
    """Values of the watched series over the last twelve of so many months from here."""
    simulation.run_for(months)
    monthly = simulation.frames()["monthly"].assign(arm="", replication=0)
    values = over_period(monthly, *last_months(monthly))
    rows = values[["indicator", "tier", "plan", "part", "value"]].itertuples(index=False)
    return {tuple(row[:4]): float(row[4]) for row in rows if tuple(row[:4]) in watched}


def replicate(
    battery: Battery, scenario: Any, replication: int, only: tuple[str, ...], seed: int = 1
) -> Iterator[tuple[str, dict[Series, float]]]:
    """One replication: for the base, for the base over other numbers of months that shocks ask for (``base 60``), and
    for every shock of ``only``, the name and the levels."""
    start = Simulation(scenario, seed=seed, replication=replication)
    start.run_for(start.burn_in)
    shocks = {name: shock for name, shock in battery.shocks.items() if name in only}
    for months in sorted({months_of(battery, shock) for shock in shocks.values()}):
        base = levels(start.branch("baseline"), months, battery.watched)
        yield beside(months), base
    for name, shock in shocks.items():
        yield name, levels(strike(start, shock), months_of(battery, shock), battery.watched)


def months_of(battery: Battery, shock: Shock) -> int:
    """Reported months that a shock is watched."""
    return shock.months or battery.months


def beside(months: int) -> str:
    """Name of the base after so many months."""
    return f"{BASE} {months}"
