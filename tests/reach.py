"""Places where contracts, outreach and remote consultation are on, as rules of payment would turn them on."""

from typing import Any

import numpy as np
import pytest

from simulator.core.names import CENTRE
from simulator.engine.phases import terms_of_trade
from simulator.engine.state.world import World

PAID = {"signed": 60.0, "served": 40.0, "outreach": 400.0, "consult": 60.0, "read": 120.0}
"""Beliefs under which everything is done by somebody."""


def offer(place: World, fee: float = 0.0) -> World:
    """Contracts at every centre and station."""
    primary = place.facilities["tier"] <= CENTRE
    place.facilities["contract"] = primary
    place.facilities["sign_fee"] = np.where(primary, fee, 0.0)
    return place


def believing(monkeypatch: pytest.MonkeyPatch, **columns: float) -> None:
    """From now on every provider believes this of these entries, whatever the rules say."""
    believe = terms_of_trade.believe

    def forced(world: Any) -> None:
        believe(world)
        for column, value in columns.items():
            world.beliefs[column] = value

    monkeypatch.setattr(terms_of_trade, "believe", forced)
