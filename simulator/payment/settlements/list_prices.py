"""Adjustment of list prices (医疗服务价格调整): labour dearer, tests cheaper, or the reverse."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from simulator.core.names import PARTS
from simulator.core.units import Change
from simulator.payment.rule import Books, Market, Prices, SettlementRule, Transfer

Adjustment = Annotated[Change, Field(gt=-1)]


class Rule(SettlementRule):
    """The price list of the place changes part by part; what the place pays for supplies does not.

    list price of a part = price list × (1 + change of the part)

    Distorted prices (labour below cost, tests above it) are a property of the price list; this is their repair
    (腾笼换鸟) or more of it. It moves no money of its own: bills do.
    """

    source: ClassVar[str] = "NHSA and others 2021 no. 41, pilot of the reform of medical service prices"
    example: ClassVar[str] = """
dearer_labour:
  for: {tiers: hospital}
  rule: list_prices
  tests: -10%
  labour: 25%
"""
    accounts: ClassVar[tuple[str, ...]] = ()

    drugs: Adjustment = 0.0
    """Relative change of the list price of drugs."""
    tests: Adjustment = 0.0
    """Relative change of the list price of tests."""
    labour: Adjustment = 0.0
    """Relative change of the list price of labour."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        return []

    def prices(self, tier: np.ndarray, places: np.ndarray) -> Prices | None:
        listed = np.ones((len(tier), len(PARTS)))
        listed[places] = [1.0 + getattr(self, part) for part in PARTS]
        return Prices(listed, np.ones_like(listed))
