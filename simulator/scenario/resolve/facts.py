"""What checks of the rules see, and what they say."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import networkx as nx

from simulator.core.errors import UserError
from simulator.referral.network import Network
from simulator.scenario.resolve.facilities import network_seen
from simulator.scenario.schema.rules import Rules
from simulator.scenario.schema.scenario import Scenario

Found = Iterator[tuple[str, dict[str, Any]]]
"""Dotted path below the rules, and the words of the sentence."""


class Facts(NamedTuple):
    """What a check sees: the place, and the rules."""

    scenario: Scenario
    rules: Rules

    @property
    def network(self) -> Network:
        """The referral network; empty where it cannot be meant, which is refused elsewhere."""
        try:
            return network_seen(self.scenario)
        except UserError:
            return Network(nx.DiGraph(), {})

    @property
    def start(self) -> Rules:
        """The rules of the baseline at the start."""
        return self.scenario.baseline


class Check(NamedTuple):
    """A sentence of the catalogue, and where it does not hold."""

    sentence: str
    find: Callable[[Facts], Found]
