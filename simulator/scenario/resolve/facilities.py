"""The facilities of a scenario and the cells of their books, as far as scopes need them: no people are drawn."""

import json
from dataclasses import dataclass

import numpy as np

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.core.names import TIERS
from simulator.payment import books
from simulator.referral.network import Network, TierData
from simulator.referral.network import build as build_network
from simulator.scenario.schema.rules import Rules
from simulator.scenario.schema.scenario import Scenario


def network_of(scenario: Scenario) -> Network:
    """The referral network of a scenario. Raises UserError for one that cannot be meant."""
    return _network(scenario)


def network_seen(scenario: Scenario) -> Network:
    """The same to look at, not to be changed: scenarios with one network share it."""
    tiers = {name: (tier.travel_urban, tier.travel_rural) for name, tier in scenario.facilities.items()}
    key = scenario.network.model_dump_json(), json.dumps(tiers)
    network = _SEEN.pop(key, None) or _network(scenario)
    _SEEN[key] = network
    while len(_SEEN) > 8:
        del _SEEN[next(iter(_SEEN))]
    return network


_SEEN: dict[tuple[str, str], Network] = {}


def _network(scenario: Scenario) -> Network:
    settings = scenario.network.model_dump(exclude={"form", "facilities", "links", "titles"}, by_alias=True)
    named = {name: item.model_dump(exclude_none=True) for name, item in scenario.network.facilities.items()}
    links = [link.model_dump(by_alias=True) for link in scenario.network.links]
    tiers = {name: TierData(tier.travel_urban, tier.travel_rural) for name, tier in scenario.facilities.items()}
    try:
        network = build_network(scenario.network.form, settings, named, links, tiers)
    except UserError as error:
        path = ".".join(part for part in ("network", error.path) if part)
        raise UserError.at(scenario.place(path), path, error.message) from None
    titles = scenario.network.titles
    for kind, known, given in (
        ("facilities", network.graph, titles.facilities),
        ("areas", network.areas, titles.areas),
    ):
        for name in given:
            if name not in known:
                path = f"network.titles.{kind}.{name}"
                text = say("network_facility" if kind == "facilities" else "check_no_area", name=name, near="")
                raise UserError.at(scenario.place(path), path, text + near(name, known))
    return network


def homes(network: Network) -> list[str]:
    """The areas in which people live, in the order of their codes. Raises UserError where nobody can live."""
    if not network.graph:
        return []
    communities, area = network.communities(), network.table()["area"]
    return [network.areas[code] for code in sorted(set(area[communities.home].tolist()))]


@dataclass(frozen=True, slots=True)
class Cells:
    """Who treats whom: cells (C,) of the books, and (name, tier) of every facility."""

    rows: np.ndarray
    facilities: tuple[tuple[str, str], ...]


def cells_of(scenario: Scenario, rules: Rules, network: Network) -> Cells:
    """The cells of every facility of the network."""
    tiers = [network.graph.nodes[name]["tier"] for name in network.names]
    return _cells(scenario, rules, tuple(zip(network.names, tiers, strict=True)))


def cells_by_tier(scenario: Scenario, rules: Rules) -> Cells:
    """The cells of one facility per tier, called like it: all that scopes need that name no single one."""
    return _cells(scenario, rules, tuple((tier, tier) for tier, _ in scenario.facilities.items()))


def _cells(scenario: Scenario, rules: Rules, facilities: tuple[tuple[str, str], ...]) -> Cells:
    beds = {name: row.beds > 0 for name, row in scenario.facilities.items()}
    codes = np.array([TIERS.index(tier) for _, tier in facilities])
    admits = np.array([beds.get(tier, False) for _, tier in facilities])
    return Cells(books.cells(codes, len(scenario.illness.groups), len(rules.basic), admits)[0], facilities)
