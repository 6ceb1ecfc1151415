"""The referral network: facilities as nodes of a directed graph, links between them as typed edges.

Node attributes: ``row`` (of the table of facilities), ``tier``, ``kind``, ``area``, ``urban``, ``people`` (weight of
the community around it). Edge attributes: ``kinds``, a set out of refers_up, refers_down and shares_slots;
``friction``, 0 for none; ``green_channel``; ``minutes`` of travel from around the one to the other, None for the
usual.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.core.names import CENTRE, KINDS, ONLINE, SECONDARY, STATION, TERTIARY, TIERS
from simulator.population.communities import Communities
from simulator.referral import forms, wiring
from simulator.referral.facilities import PLACES


@dataclass(frozen=True, slots=True)
class TierData:
    """Usual travel to a facility of a tier, one way, in minutes, for people in town and in the country."""

    travel_urban: float
    travel_rural: float


@dataclass(frozen=True, slots=True)
class Network:
    """A referral network and the usual travel to each tier."""

    graph: nx.DiGraph
    tiers: Mapping[str, TierData]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the facilities, in the order of their rows."""
        return tuple(self.graph)

    @property
    def areas(self) -> tuple[str, ...]:
        """Names of the areas, in the order of their codes in the table of facilities."""
        return tuple(dict.fromkeys(area for _, area in self.graph.nodes(data="area")))

    def located(self, area: str) -> np.ndarray:
        """Rows of the facilities of an area, rising, int64."""
        return np.array([i for i, (_, own) in enumerate(self.graph.nodes(data="area")) if own == area], np.int64)

    def row(self, name: str) -> int:
        """Row of a facility. Raises UserError for an unknown name."""
        if name not in self.graph:
            raise UserError(say("network_facility", name=name) + near(name, self.graph))
        return self.graph.nodes[name]["row"]

    def edges(self, kind: str) -> list[tuple[str, str]]:
        """Links of one kind, as (from, to)."""
        return wiring.edges(self.graph, kind)

    def table(self) -> np.ndarray:
        """What the network fixes of the facilities, rows of `PLACES`."""
        nodes = [self.graph.nodes[name] for name in self.names]
        areas = {area: code for code, area in enumerate(self.areas)}
        table = PLACES.rows(len(nodes))
        table["tier"] = [TIERS.index(node["tier"]) for node in nodes]
        table["kind"] = [KINDS.index(node["kind"]) for node in nodes]
        table["urban"] = [node["urban"] for node in nodes]
        table["area"] = [areas[node["area"]] for node in nodes]
        for column, tier in (("centre", CENTRE), ("up_secondary", SECONDARY), ("up_tertiary", TERTIARY)):
            table[column] = [self._above(name, TIERS[tier]) for name in self.names]
        centres = np.flatnonzero(table["tier"] == CENTRE)
        table["centre"][centres] = centres
        for area in np.unique(table["area"][centres]):
            ring = centres[table["area"][centres] == area]
            if len(ring) > 1:
                table["next_centre"][ring] = np.roll(ring, -1)
        pool = np.arange(len(nodes))
        for a, b in self.edges(wiring.SHARES_SLOTS):
            pool[self.row(a)] = self.row(b)
        while (pool[pool] != pool).any():  # who shares with one who shares draws on the last one's slots
            pool = pool[pool]
        table["slot_pool"] = pool
        for row, node in zip(table, nodes, strict=True):
            if node["delivery"] is not None:
                row["delivers"] = 1
                row["delivery_fee"], row["delivery_days"] = node["delivery"]
        return table

    def communities(self, urban: float | None = None) -> Communities:
        """Communities: one per station, and one per centre that has none.

        Weights sum to one; ``urban`` is the share of people in the urban ones (None: by the weights of the nodes).
        Raises UserError where there is neither station nor centre.
        """
        table = self.table()
        served = table["centre"][table["tier"] == STATION]
        lonely = (table["tier"] == CENTRE) & ~np.isin(np.arange(len(table)), served)
        homes = np.flatnonzero((table["tier"] == STATION) | lonely)
        if not len(homes):
            raise UserError(say("network_no_home"))
        rows = table[homes]
        station = np.where(rows["tier"] == STATION, homes, -1)
        places = np.stack([station, rows["centre"], rows["up_secondary"], rows["up_tertiary"]], axis=1)
        weight = np.array([self.graph.nodes[self.names[home]]["people"] for home in homes], float)
        minutes = np.array([self._minutes(*home) for home in zip(places.tolist(), rows["urban"], strict=True)])
        online = self._online(rows["area"])
        return Communities(*places.T, rows["urban"].copy(), weight, minutes, online).with_urban(urban)

    def _online(self, areas: np.ndarray) -> np.ndarray | None:
        """Internet hospital that each community in these ``areas`` (community,) turns to, in turn where several serve
        an area; -1 where none does; None where there is none at all."""
        nodes = self.graph.nodes
        there = [name for name in self.names if nodes[name]["tier"] == TIERS[ONLINE]]
        if not there:
            return None
        found = np.full(len(areas), -1, np.int64)
        for code, area in enumerate(self.areas):
            serving = [self.row(name) for name in there if area in (nodes[name]["serves"] or (area,))]
            here = np.flatnonzero(areas == code)
            if serving:
                found[here] = np.resize(serving, len(here))
        return found

    def _minutes(self, places: list[int], urban: int) -> list[float]:
        """Travel from a community to its station, centre and hospitals: the usual, unless a link says better."""
        names, minutes = self.names, []
        for option, there in enumerate(places):
            usual = self.tiers[TIERS[option]]
            time = usual.travel_urban if urban else usual.travel_rural
            for here in reversed(places[:2]):  # a link from the station knows better than one from its centre
                edge = self.graph.edges.get((names[here], names[there])) if min(here, there) >= 0 else None
                if edge and edge["minutes"] is not None:
                    time = edge["minutes"]
            minutes.append(time)
        return minutes

    def _above(self, name: str, tier: str) -> int:
        """Row of the nearest facility of ``tier`` on the way up from ``name``, -1 for none."""
        queue = [name]
        for here in queue:
            if found := wiring.above(self.graph, here, tier):
                return self.row(found[0])
            queue += [b for b, e in self.graph[here].items() if wiring.REFERS_UP in e["kinds"] and b not in queue]
        return -1


def build(
    form: str,
    settings: Mapping[str, Any],
    named: Mapping[str, Mapping[str, Any]] | None,
    links: Sequence[Mapping[str, Any]] | None,
    tiers: Mapping[str, TierData],
) -> Network:
    """The network of a form (see `forms`) with the facilities and links that a user adds.

    ``named`` is name -> what `forms.NAMED` lists, ``links`` a list of {from, to, kind, minutes}.
    Links that nobody wrote follow the usual order, see `wiring.usual`. Raises UserError for what cannot be meant.
    """
    extra, members = forms.named(named or {})
    graph = nx.DiGraph()
    wiring.place(graph, (*forms.generate(form, settings), *extra))
    if not graph:
        raise UserError(say("network_empty"))
    areas = dict.fromkeys(area for _, area in graph.nodes(data="area"))
    for name, entry in (named or {}).items():
        for area in entry.get("serves", ()):
            if area not in areas:
                text = say("check_no_area", name=area, near=near(area, areas))
                raise UserError(text, path=f"facilities.{name}.serves")
    for i, link in enumerate(links or ()):
        try:
            wiring.written(graph, members, link)
        except UserError as error:
            raise UserError(error.message, path=f"links.{i}") from None
    wiring.usual(graph)
    return Network(graph, tiers)


def weights(network: Network, flows: Any) -> nx.DiGraph:
    """The network with what really flowed: a copy whose edges carry ``flow``, a count per stage.

    ``flows`` has the columns ``from``, ``to``, ``stage`` and ``count``, as a DataFrame, a structured array or a dict of
    sequences; facilities are rows or names. A flow between facilities that nobody linked adds an edge without kinds. A
    stage without a receiver (``to`` -1) counts at the node that it leaves.
    """
    graph, names = network.graph.copy(), network.names
    for _, attributes in graph.nodes(data=True):
        attributes["flow"] = {}
    for _, _, attributes in graph.edges(data=True):
        attributes["flow"] = {}

    def name(facility: Any) -> str:
        row = network.row(facility) if isinstance(facility, str) else int(facility)
        return names[row] if row >= 0 else ""

    for a, b, stage, count in zip(*(flows[column] for column in ("from", "to", "stage", "count")), strict=True):
        here, there = name(a), name(b)
        node = graph.nodes[here]
        flow = wiring.link(graph, here, there).setdefault("flow", {}) if there else node["flow"]
        flow[stage] = flow.get(stage, 0) + int(count)
    return graph
