"""Links of a network: those that a user wrote, and the usual ones where nobody wrote any."""

from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.core.names import CENTRE, TERTIARY, TIERS
from simulator.referral.forms import Node

REFERS_UP, REFERS_DOWN, SHARES_SLOTS = LINKS = ("refers_up", "refers_down", "shares_slots")
WRITTEN = ("refers", *LINKS)
"""Kinds as users write them; ``refers`` is up the one way and down the other."""
KEYS = ("from", "to", "kind", "minutes")
HEIGHT = {"online": 0, "station": 0, "centre": 1, "secondary": 2, "tertiary": 3}


def place(graph: nx.DiGraph, nodes: Iterable[Node]) -> None:
    """Add the nodes, and the links of stations to the centre that they are under."""
    nodes = list(nodes)
    for node in nodes:
        if node.name in graph:
            raise UserError(say("network_twice", name=node.name))
        if node.people <= 0:
            raise UserError(say("network_people", name=node.name, value=f"{node.people:g}"))
        graph.add_node(
            node.name, row=len(graph), tier=node.tier, kind=node.kind, area=node.area, urban=node.urban,
            people=node.people,
        )  # fmt: skip
    for node in nodes:
        if node.under is not None:
            if node.tier != "station" or graph.nodes.get(node.under, {}).get("tier") != "centre":
                centres = [n.name for n in nodes if n.tier == "centre"]
                text = say("network_under", name=node.name, centre=node.under) + near(node.under, centres)
                raise UserError(text, path=f"facilities.{node.name}")
            link(graph, node.name, node.under, REFERS_UP)


def link(graph: nx.DiGraph, a: str, b: str, *kinds: str, minutes: float | None = None) -> dict[str, Any]:
    """Add kinds to the edge from a to b, new or not; gives its attributes."""
    if not graph.has_edge(a, b):
        graph.add_edge(a, b, kinds=frozenset(), friction=0.0, green_channel=False, minutes=None)
    edge = graph.edges[a, b]
    edge["kinds"] |= frozenset(kinds)
    if minutes is not None:
        edge["minutes"] = minutes
    return edge


def written(graph: nx.DiGraph, members: Mapping[str, list[str]], entry: Mapping[str, Any]) -> None:
    """A link that a user wrote: ``from``, ``to``, ``kind`` and perhaps ``minutes``.

    Between names that stand for several facilities (``members``) it pairs them in equal blocks. Raises UserError for
    anything unknown, and for a referral that does not go up (or down).
    """
    for key in entry:
        if key not in KEYS:
            raise UserError(say("network_link_key", key=key) + near(key, KEYS))
    for key in KEYS[:3]:
        if key not in entry:
            raise UserError(say("network_link_missing", key=key))
    kind = entry["kind"]
    if kind not in WRITTEN:
        raise UserError(say("network_link_kind", word=kind, words=", ".join(WRITTEN)) + near(kind, WRITTEN))
    froms, tos = (members.get(entry[end], [entry[end]]) for end in ("from", "to"))
    for name in (*froms, *tos):
        if name not in graph:
            raise UserError(say("network_facility", name=name) + near(name, (*members, *graph)))
    count = max(len(froms), len(tos))
    for i in range(count):
        a, b = froms[i * len(froms) // count], tos[i * len(tos) // count]
        rise = HEIGHT[graph.nodes[b]["tier"]] - HEIGHT[graph.nodes[a]["tier"]]
        if kind in ("refers", REFERS_UP) and rise <= 0:
            raise UserError(say("network_not_up", a=a, b=b))
        if kind == REFERS_DOWN and rise >= 0:
            raise UserError(say("network_not_down", a=a, b=b))
        if kind == SHARES_SLOTS and (rise or a == b):
            raise UserError(say("network_not_beside", a=a, b=b))
        minutes = None if entry.get("minutes") is None else float(entry["minutes"])
        link(graph, a, b, REFERS_UP if kind == "refers" else kind, minutes=minutes)
        if kind == "refers":
            link(graph, b, a, REFERS_DOWN, minutes=minutes)


def usual(graph: nx.DiGraph) -> None:
    """The links that follow from who is where, for everybody who has none of the kind.

    A centre refers to the general hospitals of its area in turn (to those of all areas where its own has none); centres
    and secondary hospitals refer to the tertiary hospitals in turn, likewise those of their area first; whoever is
    referred to from a centre or a hospital refers back; stations of a centre share slots with the first of them. Raises
    UserError for a station without a centre and for slots shared in a circle.
    """
    tiers = list(graph.nodes(data="tier"))
    centres, secondary, tertiary = ([name for name, t in tiers if t == tier] for tier in TIERS[CENTRE : TERTIARY + 1])
    turn: dict[str, int] = {}
    for name in centres:
        area = graph.nodes[name]["area"]
        near_by = _general(graph, [s for s in secondary if graph.nodes[s]["area"] == area])
        _in_turn(graph, name, "secondary", near_by or _general(graph, secondary), turn.get(area, 0))
        turn[area] = turn.get(area, 0) + 1
    for lower in (centres, secondary):
        for i, name in enumerate(lower):
            area = graph.nodes[name]["area"]
            near_by = _general(graph, [t for t in tertiary if graph.nodes[t]["area"] == area])
            _in_turn(graph, name, "tertiary", near_by or _general(graph, tertiary), i)
    for a, b in list(edges(graph, REFERS_UP)):
        if graph.nodes[a]["tier"] in ("centre", "secondary"):
            link(graph, b, a, REFERS_DOWN)
    _share(graph)


def _share(graph: nx.DiGraph) -> None:
    """Stations of a centre share slots with the first of them that does not share with somebody else."""
    sharing = {a for a, _ in edges(graph, SHARES_SLOTS)}
    first: dict[str, str] = {}
    for name, tier in list(graph.nodes(data="tier")):
        if tier != "station":
            continue
        if not (centres := above(graph, name, "centre")):
            raise UserError(say("network_no_centre", name=name))
        if name not in sharing and first.setdefault(centres[0], name) != name:
            link(graph, name, first[centres[0]], SHARES_SLOTS)
    shared = graph.edge_subgraph(edges(graph, SHARES_SLOTS))
    if not nx.is_directed_acyclic_graph(shared):
        raise UserError(say("network_circle", names=", ".join(sorted(a for a, _ in nx.find_cycle(shared)))))


def _in_turn(graph: nx.DiGraph, name: str, tier: str, hospitals: list[str], turn: int) -> None:
    """Let ``name`` refer to one of the hospitals unless it refers to that tier already."""
    if hospitals and not above(graph, name, tier):
        link(graph, name, hospitals[turn % len(hospitals)], REFERS_UP)


def _general(graph: nx.DiGraph, names: list[str]) -> list[str]:
    """Those of general kind; all where there are none."""
    return [name for name in names if graph.nodes[name]["kind"] == "general"] or names


def above(graph: nx.DiGraph, name: str, tier: str) -> list[str]:
    """Facilities of ``tier`` that ``name`` refers up to directly."""
    return [b for b, e in graph[name].items() if REFERS_UP in e["kinds"] and graph.nodes[b]["tier"] == tier]


def edges(graph: nx.DiGraph, kind: str) -> list[tuple[str, str]]:
    """Links of one kind, as (from, to)."""
    return [(a, b) for a, b, kinds in graph.edges(data="kinds") if kind in kinds]
