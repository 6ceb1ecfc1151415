"""Who belongs to which alliance, worked out on the referral network."""

from collections.abc import Iterator

import networkx as nx
import numpy as np

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.referral.network import Network
from simulator.referral.wiring import REFERS_UP
from simulator.scenario.resolve.scope import IN_AREA, named
from simulator.scenario.schema.rules import Membership, Rules


def members_of(rules: Rules, network: Network) -> dict[str, np.ndarray]:
    """Rows of the members of every alliance, and of the facilities of every area that a scope names
    (`IN_AREA`), rising, int64; an alliance's lead is always a member.

    Raises UserError for a facility that the network has not and for one in two alliances; its ``path`` starts at the
    rules, such as `alliances.NAME.lead`, and no file is named.
    """
    up = nx.DiGraph()
    up.add_nodes_from(network.names)
    up.add_edges_from(network.edges(REFERS_UP))
    found: dict[str, np.ndarray] = {}
    owner: dict[str, str] = {}
    for name, alliance in rules.alliances.items():
        path = f"alliances.{name}"
        members = set(_named((alliance.lead,), network, f"{path}.lead"))
        members |= _listed(alliance.members, network, up, f"{path}.members")
        if alliance.members.except_ is not None:
            members -= _listed(alliance.members.except_, network, up, f"{path}.members.except") - {alliance.lead}
        for facility in sorted(members, key=network.row):
            if owner.setdefault(facility, name) != name:
                text = say("alliance_two", facility=facility, one=owner[facility], other=name)
                raise UserError(text, path=f"{path}.members")
        found[name] = np.array(sorted(map(network.row, members)), np.int64)
    areas = {name for _, scope in rules.scopes() for name in scope.areas or ()}
    return found | {IN_AREA.format(name): network.located(name) for name in sorted(areas)}


def _listed(members: Membership, network: Network, up: nx.DiGraph, path: str) -> set[str]:
    found = set(_named(members.facilities or (), network, f"{path}.facilities"))
    found |= {name for name, tier in network.graph.nodes(data="tier") if tier in (members.tiers or ())}
    for top in _named(members.below or (), network, f"{path}.below"):
        found |= {top, *nx.ancestors(up, top)}
    return found


def _named(names: tuple[str, ...], network: Network, path: str) -> Iterator[str]:
    try:
        yield from named(names, network.names)
    except ValueError as e:
        raise UserError(str(e), path=path) from None
