"""Units of the map of the referral network, and the year's moves of patients between them."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.core.messages import say
from simulator.referral.wiring import REFERS_UP
from simulator.report.display import word
from simulator.report.page.answer.charts.places import DOWN, UP, Moves, Unit
from simulator.report.page.answer.outcomes import Names
from simulator.report.page.flows import STAGES
from simulator.scenario.resolve.facilities import network_of
from simulator.study.summary import plain

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

MOST = 18
"""Units of primary care up to which a map can be read."""
LEVEL = {"tertiary": 0, "secondary": 1, "centre": 2, "station": 2}
MOVES = tuple(stage for stage in STAGES if stage != "returned")


class Map(NamedTuple):
    """The boxes, and the box of every facility."""

    units: list[Unit]
    unit_of: dict[str, str]


def map_of(scenario: Any, names: Names) -> Map | None:
    """The map of a scenario: primary care by area, or by centre where people live in one area; None where that makes
    one unit or more than can be read."""
    network = network_of(scenario)
    nodes = network.graph.nodes
    areas = dict.fromkeys(nodes[name]["area"] for name in network.names if LEVEL.get(nodes[name]["tier"]) == 2)
    by_area, above = len(areas) > 1, dict(network.edges(REFERS_UP))
    unit_of: dict[str, str] = {}
    for name in network.names:
        tier, area = nodes[name]["tier"], nodes[name]["area"]
        if tier not in LEVEL:
            continue
        if LEVEL[tier] < 2:
            unit_of[name] = f"{tier}/{area if LEVEL[tier] else ''}"
        elif by_area:
            unit_of[name] = f"primary/{area}"
        else:
            unit_of[name] = f"primary/{above.get(name, name) if tier == 'station' else name}"
    size, units = Counter(unit_of.values()), {}
    for name, key in unit_of.items():
        if key not in units:
            tier, area = nodes[name]["tier"], nodes[name]["area"]
            title = _title(tier, area, name, size[key], by_area, names)
            number = re.search(r"\d+$", area if by_area else name)
            units[key] = Unit(key, LEVEL[tier], title, area, number[0] if number else title[:4])
    made = sorted(units.values(), key=lambda unit: -unit.level)
    lowest = sum(unit.level == 2 for unit in made)
    return Map(made, unit_of) if 1 < lowest <= MOST else None


def _title(tier: str, area: str, name: str, size: int, by_area: bool, names: Names) -> str:
    if LEVEL[tier] == 2:
        return word("area", area) if by_area else word("facility", name)
    kind = names.text("tier", tier).localized
    if LEVEL[tier] == 0 or not by_area:
        return kind
    return word("facility", name) if size == 1 else say("answer.named", name=kind, where=word("area", area))


def moves(results: "Results", places: Map, first: str) -> "pd.DataFrame":
    """Columns arm, low, high, way, patients: patients a year who were referred or admitted from one unit to another,
    mean over replications; ``first`` is the first month that counts."""
    runs = {arm: len(numbers) for arm, numbers in results.manifest["finished"].items()}
    table = results.coded("referrals", [("month", ">=", first)])
    year = plain(table[table["stage"].isin(MOVES)])
    year = year.assign(a=year["from"].map(places.unit_of), b=year["to"].map(places.unit_of)).dropna(subset=["a", "b"])
    level = {unit.key: unit.level for unit in places.units}
    rises = year["a"].map(level) - year["b"].map(level)
    year = year[rises != 0].assign(way=rises.map(lambda by: UP if by > 0 else DOWN))
    up = year["way"] == UP
    year = year.assign(low=year["a"].where(up, year["b"]), high=year["b"].where(up, year["a"]))
    found = year.groupby(["arm", "low", "high", "way"], sort=False)["count"].sum().reset_index(name="patients")
    found["patients"] /= found["arm"].map(runs).astype(float)
    return found


def of_arm(table: "pd.DataFrame", arm: str) -> Moves:
    """The moves of one arm."""
    mine: Mapping[Any, float] = table[table["arm"] == arm].set_index(["low", "high", "way"])["patients"].to_dict()
    return mine
