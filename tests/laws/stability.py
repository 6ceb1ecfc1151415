"""Twenty years of a small county: what feedbacks move, year by year, and what is wrong with a history.

Families learn trust and habits, waits follow use, conduct follows incomes, capability and fame follow volume, funds
follow reserves. None of these may explode, swing or stick at a bound.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest

from simulator.core import behaviour
from simulator.engine.state.world import World
from simulator.model import HealthSystem
from simulator.scenario.compile.build import build
from tests.small import Spec, scenario

NETWORK = "network={form: county, townships: 3, villages: 2, tertiary_outside: 1}"
BOUNDS = {
    "follow": ("intensity_low", "intensity_high"), "stay": ("stay_low", "stay_high"), "wait": (0.0, 24.0),
    "income_worth": ("income_low", "income_high"), "capability": (0.0, 1.3), "fame": ("-fame_most", "fame_most"),
    "experience": ("-experience_most", "experience_most"), "manage": (0.0, 1.0),
    "split": (0.0, 1.0), "select": (0.0, 1.0), "retest": (0.0, 1.0),
}  # fmt: skip
"""Columns of facilities that feedbacks move, and their bounds: numbers or parameters."""
CORNERS = ("follow", "stay", "income_worth", "capability", "manage")
"""Those whose mean at a bound means that a feedback has run into it."""
RATIOS = (
    "primary_share_of_visits", "visits_per_person", "admissions_per_person", "charge_per_visit", "charge_per_admission",
    "trust_primary", "wait_outpatient", "bed_use",
)  # fmt: skip


class History(NamedTuple):
    """A run: yearly ratios by name (years,), and columns of facilities every month (months, F)."""

    yearly: Mapping[str, np.ndarray]
    monthly: Mapping[str, np.ndarray]
    tier: np.ndarray
    par: np.record


def county(families: int, years: int, *changes: str) -> Spec:
    return Spec(("time={start: 2023-01, warm_up: 36 months}", NETWORK, *changes), families=families, months=12 * years)


def history(
    spec: Spec, factor: Mapping[str, float] | None = None, watch: Callable[[World], object] = lambda world: None
) -> History:
    """Run ``spec`` with behavioural parameters times ``factor``; ``watch`` sees every reported month."""
    row = behaviour.row

    def changed(*what: Any) -> np.ndarray:
        table = row(*what)
        for parameter, times in (factor or {}).items():
            table[parameter] *= times
        return table

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(behaviour, "row", changed)
        system = HealthSystem(scenario(spec), world=build(scenario(spec), spec.seed))
    return lived(system, watch)


def lived(system: HealthSystem, watch: Callable[[World], object] = lambda world: None) -> History:
    """Run ``system`` to its end; ``watch`` sees every reported month."""
    columns: dict[str, list[np.ndarray]] = {name: [] for name in BOUNDS}
    while system.running:
        system.step()
        if system.world.month > system.burn_in:
            watch(system.world)
            for name in BOUNDS:
                columns[name].append(system.world.facilities[name].copy())
    months = [{row[0]: row[5:7] for row in m["indicators"] if not any(row[1:5])} for m in system.observer.months]
    return History(
        {
            name: np.array(
                [
                    sum(m[name][0] for m in months[y : y + 12]) / sum(m[name][1] for m in months[y : y + 12])
                    for y in range(0, len(months), 12)
                ]
            )
            for name in RATIOS
            if all(name in m for m in months)
        },
        {name: np.array(values) for name, values in columns.items()},
        system.world.facilities["tier"].copy(),
        system.world.behaviour[0],
    )


def complaints(h: History, drift: float, swing: float) -> list[str]:
    """What is wrong: ``drift`` is the greatest factor between the third year and the last three, ``swing`` the
    greatest spread of yearly levels around their trend over the later half, as a share of their mean."""
    found = []
    for name, series in h.yearly.items():
        if not np.isfinite(series).all():
            found.append(f"{name} is not finite")
            continue
        change = series[-3:].mean() / series[2]
        if not 1 / drift < change < drift:
            found.append(f"{name} drifts by a factor of {change:.2f}")
        later = series[len(series) // 2 :]
        trend = np.polyval(np.polyfit(np.arange(len(later)), later, 1), np.arange(len(later)))
        if (later - trend).std() > swing * later.mean():
            found.append(f"{name} swings by {(later - trend).std() / later.mean():.1%}")
    for name, values in h.monthly.items():
        low, high = (bound(side, h.par) for side in BOUNDS[name])
        if not ((values >= low - 1e-9) & (values <= high + 1e-9)).all():
            found.append(f"{name} leaves its bounds")
        mean = values.mean(axis=1)
        for edge in (low, high):
            if name in CORNERS and abs(mean[-1] - edge) < 0.01 * (high - low):
                found.append(f"{name} sticks at {edge:g}")
        steps = np.diff(mean)[-60:]
        turns = (steps[1:] * steps[:-1] < 0).mean()
        if turns > 0.8 and np.abs(steps).mean() > 0.005 * (high - low):
            found.append(f"{name} rings: {turns:.0%} of months turn")
    return found


def bound(side: str | float, par: np.record) -> float:
    """A bound: a number, or a parameter by its name, with a minus before it if need be."""
    if isinstance(side, str):
        return -float(par[side[1:]]) if side.startswith("-") else float(par[side])
    return side
