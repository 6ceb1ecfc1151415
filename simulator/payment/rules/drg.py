"""Diagnosis-related groups (按疾病诊断相关分组付费, DRG): one price for the case."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from simulator.core.money import rounded, share_out
from simulator.core.names import CONTINUED, INPATIENT, PARTS, TIERS
from simulator.core.units import Money, Positive, Share
from simulator.payment.books import COVERED, MOVED, SELF
from simulator.payment.price import THOUSANDTHS, allowed, by_row, seen
from simulator.payment.rule import Beliefs, Books, Market, Tariff, TariffRule, Tier

DOUBT = 0.05
"""Within so much of it on either side, a provider is unsure whether the patient's part uses up the case price."""


class Rule(TariffRule):
    """A base rate times the tier's coefficient times the case's weight as coded.

    price = base rate × coefficient of the tier × coded weight
    allowed = price × usual share of the charge inside the catalogue

    The price is for the whole charge. What lies outside the catalogue is the patient's alone, so the fund's side of the
    price is cut by its usual share, which is announced and does not move with the bill: at the margin an item outside
    the catalogue is paid on top of the price, an item inside it by nobody.

    The rest of a stay at the place stepped down to (continued care) is no new case and is allowed nothing, unless part
    of the price follows the patient: then the sender pays back that share of the price of the weight it moved, and
    the receivers of the plan divide it by the weight they took over.
    """

    source: ClassVar[str] = "NHSA 2019 no. 36 (CHS-DRG technical specification); NHSA 2021 no. 48"

    base_rate: Annotated[Money, Field(gt=0)]
    """Price of a case of weight 1, fen."""
    tier_coefficient: dict[Tier, Positive] = Field(default_factory=dict)
    """Multiplier of the base rate by tier; 1 where none is given."""
    follows: Share = 0.0
    """Share of the price that moves with a patient stepped down."""

    def tariff(self, market: Market) -> Tariff:
        coefficient = np.array([self.tier_coefficient.get(tier, 1.0) for tier in TIERS])
        price = self.base_rate * coefficient[market.cells["tier"]] * market.catalogue
        price[market.cells["care"] != INPATIENT] = 0
        return market.tariff(per_weight=price)

    def _moved(self, market: Market, counts: np.ndarray, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weight that each cell sent away, and that it took over, thousandths (C,) each."""
        care = market.cells["care"]
        moved = np.where(mine, counts[:, MOVED], 0)
        return np.where(care == INPATIENT, moved, 0), np.where(care == CONTINUED, moved, 0)

    def settle(self, market: Market, books: Books, mine: np.ndarray) -> np.ndarray:
        facilities, plans = len(market.tier), market.plans
        owner = market.cells["facility"] * plans + market.cells["plan"]

        def total(values: np.ndarray) -> np.ndarray:
            return by_row(values, owner, facilities * plans).reshape(facilities, plans)

        away, over = self._moved(market, books.counts[-1], mine)
        price = total(rounded(self.follows * self.tariff(market).per_weight * away / THOUSANDTHS))
        sent, taken = total(away), total(over)
        net = np.zeros((facilities, plans), np.int64)
        for plan in range(plans):
            out, into = int(sent[:, plan].sum()), int(taken[:, plan].sum())
            if out and into:
                # A patient who went to a place that is paid otherwise takes nothing along.
                given = rounded(price[:, plan] * min(1.0, into / out))
                net[:, plan] = share_out(int(given.sum()), taken[:, plan]) - given
        return net

    def believed(self, market: Market, books: Books, mine: np.ndarray) -> Beliefs:
        price = self.tariff(market)
        year = books.year
        empty = price.per_weight <= 0
        self_pays, used_up = np.zeros(len(market.cells)), empty.astype(float)
        if year is not None:
            self_pays = seen(year[:, SELF], year[:, COVERED], market.cells, mine)
            granted = allowed(price, year)
            part = year[:, SELF] / np.maximum(1, granted)
            used_up = np.where(granted > 0, np.clip((part - 1 + DOUBT) / (2 * DOUBT), 0, 1), used_up)
        # Above the price only the patient's own part of a covered fen is earned, below it nothing is.
        billed = (1 - market.catalogue) + market.catalogue * used_up * self_pays
        beliefs = {("doer", part): billed for part in PARTS}
        beliefs["doer", "weight"] = (1 - used_up) * price.per_weight
        if self.follows:
            inpatient = market.cells["care"] == INPATIENT
            beliefs["doer", "moved_out"] = np.where(inpatient, -self.follows * price.per_weight, 0.0)
            beliefs["doer", "moved_in"] = np.where(
                market.cells["care"] == CONTINUED, self.follows * self._sender_price(market, price, year, mine), 0.0
            )
        return beliefs

    def _sender_price(self, market: Market, price: Tariff, year: np.ndarray | None, mine: np.ndarray) -> np.ndarray:
        """Mean price of the weight that was moved in the last year, by the plan of each cell; while none was, of all
        inpatient cells of the rule, fen (C,)."""
        plan = market.cells["plan"]
        inpatient = (mine & (market.cells["care"] == INPATIENT)).astype(np.int64)
        sent = inpatient if year is None else self._moved(market, year, mine)[0]

        def mean(weights: np.ndarray) -> np.ndarray:
            total = np.bincount(plan, weights, market.plans)
            return np.bincount(plan, weights * price.per_weight, market.plans) / np.maximum(1, total)

        moved_any = np.bincount(plan, sent, market.plans) > 0
        return np.where(moved_any, mean(sent), mean(inpatient))[plan]
