"""A difference of two ratios taken apart over groups: what comes from who is there (mix), what from how they do.

A ratio is R = Σ w·r over groups, w a group's part of the denominator and r its own ratio. Then, exactly (Kitagawa 1955,
Journal of the American Statistical Association 50),
ΔR = Σ Δw·(r̄ − R̄) + Σ w̄·Δr, bars being means of the two arms. Where all groups share one denominator, there is no mix.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.core.names import TIERS
from simulator.study.explain.groups import AGES, INCOMES, joined
from simulator.study.intervals import Ends, interval
from simulator.study.summary import BASELINE, SERIES, over

if TYPE_CHECKING:
    import pandas as pd

type Series = tuple[str, str, str, str, str]
"""Indicator, tier, plan, part, alliance."""
type Sums = dict[str, tuple[float, float]]
"""Numerator and denominator by group."""
BY_TIER = {"primary_share_of_visits": ("visit_share", ("station", "centre"))}
"""Indicators that are a sum of another one over tiers."""
NEAR = 1e-6
"""Relative gap up to which sums over groups are those of the whole."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one group brings to the difference: means and 95 % intervals over replications, in the indicator's unit."""

    by: str  # tier, age or income
    group: str
    mix: tuple[float, float, float]
    level: tuple[float, float, float]


def apart(base: Sums, arm: Sums, shared: bool) -> dict[str, tuple[float, float]]:
    """Mix and level effect of each group; they sum to the difference of the ratios of sums.

    Args:
        base, arm: sums by group.
        shared: all groups have one denominator.

    >>> found = apart({"a": (1.0, 2.0), "b": (8.0, 8.0)}, {"a": (4.0, 8.0), "b": (2.0, 2.0)}, False)
    >>> [(name, round(mix, 3), round(level, 3)) for name, (mix, level) in found.items()]
    [('a', -0.15, 0.0), ('b', -0.15, 0.0)]
    """
    if shared:
        return {
            group: (0.0, _ratio(*arm.get(group, (0.0, 1.0))) - _ratio(*base.get(group, (0.0, 1.0))))
            for group in base | arm
        }
    wholes = [tuple(sum(pair[n] for pair in sums.values()) for n in range(2)) for sums in (base, arm)]
    middle = sum(_ratio(*whole) for whole in wholes) / 2
    found = {}
    for group in base | arm:
        pairs = [sums.get(group, (0.0, 0.0)) for sums in (base, arm)]
        weights = [_ratio(pair[1], whole[1]) for pair, whole in zip(pairs, wholes, strict=True)]
        ratios = [_ratio(*pair) if pair[1] else None for pair in pairs]
        known = [ratio for ratio in ratios if ratio is not None]
        mean = sum(known) / len(known) if known else middle
        before, after = (mean if ratio is None else ratio for ratio in ratios)
        mix = (weights[1] - weights[0]) * ((before + after) / 2 - middle)
        found[group] = (mix, (weights[0] + weights[1]) / 2 * (after - before))
    return found


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom else 0.0


def shares(monthly: "pd.DataFrame", arm: str, series: Series, ends: Ends = interval) -> list[Share]:
    """The difference of ``arm`` from the baseline by tier, age and income, as far as the indicator has them.

    Args:
        monthly: table of a run of a ``GroupedSystem``, cut to the months meant.
        series: what to take apart.
        ends: how intervals are made of the values of all replications.
    """
    indicator, tier, plan, part, alliance = series
    if indicator in over():  # no ratio of sums over months
        return []
    by_tier, tiers = BY_TIER.get(indicator, (indicator, TIERS))
    mine = monthly[monthly["indicator"].isin([indicator, by_tier]) & monthly["denominator"].notna()]
    keys = ["arm", "replication", *SERIES]
    sums = mine.groupby(keys)[["numerator", "denominator"]].sum()
    wanted: dict[str, dict[str, Series]] = {}
    if not tier:
        wanted["tier"] = {name: (by_tier, name, plan, part, alliance) for name in tiers}
    for by, bands in (("age", AGES), ("income", INCOMES)):
        wanted[by] = {name: (indicator, tier, plan, joined(part, f"{by}:{name}"), alliance) for name in bands}
    found = []
    for by, places in wanted.items():
        found += _by(sums, by, places, arm, series, ends)
    return found


def _by(sums: "pd.DataFrame", by: str, places: dict[str, Series], arm: str, whole: Series, ends: Ends) -> list[Share]:
    table = {key: (float(row[0]), float(row[1])) for key, row in zip(sums.index, sums.to_numpy(), strict=True)}
    replications = sorted({key[1] for key in table if key[0] == arm and (BASELINE, key[1], *whole) in table})
    effects: dict[str, list[tuple[float, float]]] = {}
    for replication in replications:
        pair = []
        for which in (BASELINE, arm):
            parts = {
                name: table[which, replication, *place]
                for name, place in places.items()
                if (which, replication, *place) in table
            }
            pair.append((parts, table.get((which, replication, *whole), (0.0, 0.0))))
        shared = [_is_shared(*each) for each in pair]
        if not pair[0][0] or not pair[1][0] or shared[0] != shared[1] or shared[0] is None:
            return []
        for name, effect in apart(pair[0][0], pair[1][0], bool(shared[0])).items():
            effects.setdefault(name, []).append(effect)
    return [
        Share(by, name, ends([mix for mix, _ in found]), ends([level for _, level in found]))
        for name, found in effects.items()
        if len(found) == len(replications)
    ]


def _is_shared(parts: Sums, whole: tuple[float, float]) -> bool | None:
    """Whether groups share the denominator of the whole; None where the groups do not make up the whole."""
    tops, bottoms = (sum(pair[n] for pair in parts.values()) for n in range(2))
    if abs(tops - whole[0]) > NEAR * max(abs(whole[0]), NEAR):
        return None
    if abs(bottoms - whole[1]) <= NEAR * whole[1]:
        return False
    return True if all(abs(pair[1] - whole[1]) <= NEAR * whole[1] for pair in parts.values()) else None
